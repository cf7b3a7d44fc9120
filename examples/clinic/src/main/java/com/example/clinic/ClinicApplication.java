package com.example.clinic;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** An application that has had a cache manager of its own for years, and keeps it. */
@SpringBootApplication
@EnableCaching
public class ClinicApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(ClinicApplication.class, arguments);
  }

  /** For caches that need not be coherent. */
  @Bean
  CacheManager cacheManager() {
    return new ConcurrentMapCacheManager("greetings");
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .requestMatchers("/actuator/health/**")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .httpBasic(basic -> {})
        .csrf(csrf -> csrf.disable())
        .build();
  }
}
