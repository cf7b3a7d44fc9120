package com.example.prices

import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.getBean
import org.springframework.boot.builder.SpringApplicationBuilder
import org.springframework.cache.CacheManager
import org.springframework.context.ConfigurableApplicationContext

/** Keys that are classes of Kotlin are invalidated key by key on the other node. */
class KotlinKeysTest {

  @Test
  fun dataClass_isInvalidatedKeyByKey() {
    val changed = Article(Region.NORTH, Sku("a"), 38)
    val other = Article(Region.NORTH, Sku("a"))

    assertKeyByKey("prices", changed, other, Prices::price, Prices::changePrice)
  }

  @Test
  fun dataClassWithoutAnOptionalValue_isInvalidatedKeyByKey() {
    val changed = Article(Region.SOUTH, Sku("a"))
    val other = Article(Region.SOUTH, Sku("b"))

    assertKeyByKey("prices", changed, other, Prices::price, Prices::changePrice)
  }

  @Test
  fun enumClass_isInvalidatedKeyByKey() {
    assertKeyByKey("rebates", Region.NORTH, Region.SOUTH, Prices::rebate, Prices::changeRebate)
  }

  /** The key in the cache is the text. */
  @Test
  fun valueClass_isInvalidatedKeyByKey() {
    assertKeyByKey(
      "stocks",
      "a",
      "b",
      { prices, text -> prices.stock(Sku(text)) },
      { prices, text, stock -> prices.changeStock(Sku(text), stock) },
    )
  }

  @Test
  fun valueClassInASet_isInvalidatedKeyByKey() {
    val changed = setOf(Sku("a"), Sku("b"))
    val other = setOf(Sku("a"), Sku("c"))

    assertKeyByKey("bundles", changed, other, Prices::bundle, Prices::changeBundle)
  }

  /** Changes a key on one of two nodes. The other node must load that key again, and no other. */
  private fun <K : Any> assertKeyByKey(
    cacheName: String,
    changed: K,
    other: K,
    read: (Prices, K) -> Int,
    change: (Prices, K, Int) -> Unit,
  ) {
    node().use { one ->
      node().use { two ->
        val here = one.getBean<Prices>()
        read(here, changed)
        read(here, other)
        val cache = one.getBean<CacheManager>().getCache(cacheName)!!
        assertThat(cache.get(changed)).describedAs("value to be changed").isNotNull()
        assertThat(cache.get(other)).describedAs("other value").isNotNull()

        change(two.getBean<Prices>(), changed, 20)

        await().until { read(here, changed) == 20 }
        assertThat(cache.get(other)).describedAs("other value").isNotNull()
      }
    }
  }

  private fun node(): ConfigurableApplicationContext =
    SpringApplicationBuilder(PricesApplication::class.java)
      .properties("spring.cache.caffeine.spec=maximumSize=100", "invalidation.transport=local")
      .run()
}
