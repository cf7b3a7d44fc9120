package io.github.cacheinvalidation.benchmarks.jmh;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with one cached method. */
@Configuration(proxyBeanMethods = false)
@EnableCaching
@EnableAutoConfiguration
public class Application {

  /** The service with the cached method. */
  public static class Products {

    /** Loads. */
    @Cacheable(Node.CACHE)
    public String find(Long id) {
      return "product " + id;
    }
  }

  @Bean
  Products products() {
    return new Products();
  }

  /** Starts the application with further properties. */
  public static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties("spring.main.banner-mode=off", "spring.cache.cache-names=" + Node.CACHE)
        .properties("spring.cache.caffeine.spec=" + Node.SPEC)
        .properties(properties)
        .run();
  }
}
