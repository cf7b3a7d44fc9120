package com.example.rates;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * AspectJ has one cache aspect in a JVM, which each context configures anew. So the second context
 * gets an aspect that the first has used.
 */
class AspectjTest {

  @ParameterizedTest
  @ValueSource(strings = {"first context", "second context"})
  void wovenMethods_useTheCachesThatTheyName(String context) {
    try (ConfigurableApplicationContext node =
        new SpringApplicationBuilder(RatesApplication.class)
            .properties(
                "spring.cache.caffeine.spec=maximumSize=100", "invalidation.transport=local")
            .run()) {
      Rates rates = node.getBean(Rates.class);
      CacheManager ours = node.getBean(CacheManager.class);
      CacheManager other = node.getBean("otherManager", CacheManager.class);

      int rate = rates.rate("EUR");
      assertThat(rates.ownRate("EUR")).as("a call within the object").isEqualTo(rate);
      int fee = rates.fee("EUR");
      assertThat(rates.fee("EUR")).isEqualTo(fee);

      assertThat(ours.getCache("rates").get("EUR").get()).isEqualTo(rate);
      assertThat(other.getCache("fees").get("EUR").get()).isEqualTo(fee);
      assertThat(ours.getCacheNames()).doesNotContain("fees");

      rates.change("EUR");
      assertThat(rates.ownRate("EUR")).as("after an eviction").isNotEqualTo(rate);
      node.getBean(CacheInvalidator.class).clear("rates");
      assertThat(ours.getCache("rates").get("EUR")).isNull();
    }
  }
}
