package com.example.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The same application with Spring Data Redis on its class path: Spring Data is in strict repository
 * mode. This is why the starter does not bring Spring Data Redis.
 */
class TwoSpringDataModulesTest {

  /** A part of the application that needs the repository. */
  record Page(Products products) {}

  @Test
  void repositoryOfAnEntityWithoutTable_doesNotExist() {
    try (ConfigurableApplicationContext context = application().run()) {
      assertThat(context.getBeanProvider(RedisConnectionFactory.class)).isNotEmpty();
      assertThat(context.getBeanProvider(Products.class)).isEmpty();
    }
  }

  @Test
  void applicationThatNeedsTheRepository_doesNotStart() {
    assertThatThrownBy(() -> application().sources(Page.class).run())
        .hasRootCauseInstanceOf(NoSuchBeanDefinitionException.class)
        .hasMessageContaining(Products.class.getName());
  }

  private static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(CatalogApplication.class)
        .properties(
            "spring.datasource.url=jdbc:h2:mem:strict",
            "spring.sql.init.mode=always",
            "invalidation.transport=local");
  }
}
