package com.example.rates;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Bean;

/** AspectJ weaves the cache annotations into the classes, so a method may call itself cached. */
@SpringBootApplication
@EnableCaching(mode = AdviceMode.ASPECTJ)
public class RatesApplication {

  /** A second manager, for one method. It is no default candidate, so the starter's stays. */
  @Bean(defaultCandidate = false)
  CacheManager otherManager() {
    return new ConcurrentMapCacheManager();
  }

  public static void main(String[] args) {
    SpringApplication.run(RatesApplication.class, args);
  }
}
