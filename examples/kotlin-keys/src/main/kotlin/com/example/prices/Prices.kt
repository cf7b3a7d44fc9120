package com.example.prices

import java.util.concurrent.ConcurrentHashMap
import org.springframework.cache.annotation.CacheEvict
import org.springframework.cache.annotation.Cacheable
import org.springframework.stereotype.Service

/** Prices, rebates and stocks from a source that all nodes of this JVM share. */
@Service
class Prices {

  @Cacheable("prices") fun price(article: Article): Int = SOURCE.getOrDefault(article, 0)

  @CacheEvict(cacheNames = ["prices"], key = "#article")
  fun changePrice(article: Article, price: Int) {
    SOURCE[article] = price
  }

  @Cacheable("rebates") fun rebate(region: Region): Int = SOURCE.getOrDefault(region, 0)

  @CacheEvict(cacheNames = ["rebates"], key = "#region")
  fun changeRebate(region: Region, rebate: Int) {
    SOURCE[region] = rebate
  }

  @Cacheable("stocks") fun stock(sku: Sku): Int = SOURCE.getOrDefault(sku, 0)

  @CacheEvict(cacheNames = ["stocks"], key = "#sku")
  fun changeStock(sku: Sku, stock: Int) {
    SOURCE[sku] = stock
  }

  @Cacheable("bundles") fun bundle(skus: Set<Sku>): Int = SOURCE.getOrDefault(skus, 0)

  @CacheEvict(cacheNames = ["bundles"], key = "#skus")
  fun changeBundle(skus: Set<Sku>, price: Int) {
    SOURCE[skus] = price
  }

  private companion object {
    val SOURCE = ConcurrentHashMap<Any, Int>()
  }
}
