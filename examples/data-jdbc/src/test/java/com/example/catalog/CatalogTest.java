package com.example.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Data JDBC finds its repositories beside the starter, and two nodes share invalidations. */
class CatalogTest {

  @Test
  void repositoryOfAnEntityWithoutTable_exists_andItsWritesReachTheOtherNode() {
    try (ConfigurableApplicationContext one = node();
        ConfigurableApplicationContext two = node()) {
      Products here = one.getBean(Products.class);
      Products there = two.getBean(Products.class);
      assertThat(here.findById(1L)).map(Product::name).hasValue("Bread");

      there.save(new Product(1L, "Rye bread"));

      await().until(() -> here.findById(1L).map(Product::name), Optional.of("Rye bread")::equals);
    }
  }

  private static ConfigurableApplicationContext node() {
    return new SpringApplicationBuilder(CatalogApplication.class)
        .properties(
            "spring.datasource.url=jdbc:h2:mem:catalog",
            "spring.sql.init.mode=always",
            "invalidation.transport=local")
        .run();
  }
}
