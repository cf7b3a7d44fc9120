package io.github.cacheinvalidation.sample.products;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The body of a request that changes a price. */
record PriceChange(@Nullable BigDecimal price) {

  private static final BigDecimal HIGHEST = new BigDecimal("99999999.99");

  /**
   * Returns the price with two decimals.
   *
   * @throws BadPriceException if the price is missing, negative, too high, or has more than two
   *     decimals
   */
  BigDecimal validPrice() {
    if (price == null) {
      throw new BadPriceException("'price' is missing; send a body such as {\"price\": 12.34}.");
    }
    if (price.signum() < 0 || price.compareTo(HIGHEST) > 0) {
      throw new BadPriceException("'price' must be between 0 and " + HIGHEST + ".");
    }
    if (price.stripTrailingZeros().scale() > 2) {
      throw new BadPriceException("'price' must have at most two decimals.");
    }
    return price.setScale(2);
  }
}
