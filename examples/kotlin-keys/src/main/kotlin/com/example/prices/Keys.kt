package com.example.prices

/** An enum as a key, and as a part of one. */
enum class Region {
  NORTH,
  SOUTH,
}

/** A value class: the compiler passes its text instead, except where it is an element or null. */
@JvmInline value class Sku(val text: String)

/** The key of a price. */
data class Article(val region: Region, val sku: Sku, val size: Int? = null)
