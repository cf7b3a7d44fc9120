package com.example.clinic;

import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Its cache must be coherent, so it names the cache manager of the starter. */
@Service
@CacheConfig(cacheNames = "vets", cacheManager = "invalidationCacheManager")
public class Vets {

  private final VetRepository repository;

  Vets(VetRepository repository) {
    this.repository = repository;
  }

  @Cacheable(key = "#id")
  @Transactional(readOnly = true)
  public String name(long id) {
    return repository.findById(id).orElseThrow().getName();
  }

  @CacheEvict(key = "#id")
  @Transactional
  public void rename(long id, String name) {
    repository.findById(id).orElseThrow().setName(name);
  }
}
