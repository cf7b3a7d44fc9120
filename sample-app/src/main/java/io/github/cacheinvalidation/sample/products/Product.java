package io.github.cacheinvalidation.sample.products;

import java.math.BigDecimal;

/**
 * A row of the table {@code product}, as it is cached.
 *
 * @param price the price, with two decimals
 */
public record Product(long id, String name, String category, BigDecimal price) {}
