package com.example.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/** Keys with {@code @Value} of Lombok are invalidated key by key on the other node. */
class LombokKeysTest {

  private static final Article CHANGED = new Article("Berlin", 7);

  private static final Article OTHER = new Article("Berlin", 8);

  @Test
  void changedKey_isNewOnTheOtherNode_andTheOtherKeyStays() {
    try (ConfigurableApplicationContext one = node();
        ConfigurableApplicationContext two = node()) {
      Prices here = one.getBean(Prices.class);
      here.of(CHANGED);
      here.of(OTHER);
      Cache cache = one.getBean(CacheManager.class).getCache("prices");
      assertThat(cache.get(CHANGED)).as("price to be changed").isNotNull();
      assertThat(cache.get(OTHER)).as("other price").isNotNull();

      two.getBean(Prices.class).change(CHANGED, 20);

      await().until(() -> here.of(CHANGED), Integer.valueOf(20)::equals);
      assertThat(cache.get(OTHER)).as("other price").isNotNull();
    }
  }

  private static ConfigurableApplicationContext node() {
    return new SpringApplicationBuilder(PricesApplication.class)
        .properties(
            "spring.cache.caffeine.spec=maximumSize=100", "invalidation.transport=local")
        .run();
  }
}
