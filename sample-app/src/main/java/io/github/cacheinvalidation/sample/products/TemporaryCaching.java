package io.github.cacheinvalidation.sample.products;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** TEMPORARY: caches of one node, without coherence. Delete this file when the starter lands. */
@Configuration(proxyBeanMethods = false)
@EnableCaching
class TemporaryCaching {

  @Bean
  CaffeineCacheManager cacheManager(
      @Value("${spring.cache.cache-names}") String[] names,
      @Value("${spring.cache.caffeine.spec}") String spec) {
    CaffeineCacheManager manager = new CaffeineCacheManager(names);
    manager.setCacheSpecification(spec);
    return manager;
  }
}
