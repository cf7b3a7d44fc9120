package com.example.catalog;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class CatalogApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(CatalogApplication.class, arguments);
  }
}
