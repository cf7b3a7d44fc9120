package com.example.library;

import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.hibernate.cache.jcache.ConfigSettings;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;

/** An application whose Hibernate has a second-level cache, in the JCache manager of Spring Boot. */
@SpringBootApplication
@EnableCaching
public class LibraryApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(LibraryApplication.class, arguments);
  }

  @Bean
  HibernatePropertiesCustomizer secondLevelCache(CacheManager manager) {
    return properties -> properties.put(ConfigSettings.CACHE_MANAGER, manager);
  }

  @Bean
  JCacheManagerCustomizer caches() {
    return manager ->
        manager.createCache(
            Book.class.getName(), new MutableConfiguration<>().setStatisticsEnabled(true));
  }
}
