package com.example.prices

import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication

/** An application whose keys are classes of Kotlin. */
@SpringBootApplication class PricesApplication

fun main(arguments: Array<String>) {
  runApplication<PricesApplication>(*arguments)
}
