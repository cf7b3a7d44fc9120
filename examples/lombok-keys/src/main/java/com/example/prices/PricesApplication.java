package com.example.prices;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application whose keys are immutable classes of Lombok. */
@SpringBootApplication
public class PricesApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(PricesApplication.class, arguments);
  }
}
