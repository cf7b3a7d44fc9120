package com.example.clinic;

import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** Its cache belongs to the cache manager of the application. */
@Service
public class Greetings {

  @Cacheable("greetings")
  public String of(String name) {
    return "Hello, " + name;
  }
}
