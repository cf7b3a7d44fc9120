package com.example.rates;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

@Service
public class Rates {

  private final AtomicInteger loads = new AtomicInteger();

  @Cacheable("rates")
  public int rate(String currency) {
    return loads.incrementAndGet();
  }

  /** Calls a cached method of the same object, which a proxy would not see. */
  public int ownRate(String currency) {
    return rate(currency);
  }

  @CacheEvict("rates")
  public void change(String currency) {
    // would change the database
  }

  @Cacheable(cacheNames = "fees", cacheManager = "otherManager")
  public int fee(String currency) {
    return loads.incrementAndGet();
  }
}
