package io.github.cacheinvalidation.sample.products;

/** The price in a request is missing, out of range, or has more than two decimals. */
class BadPriceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadPriceException(String message) {
    super(message);
  }
}
