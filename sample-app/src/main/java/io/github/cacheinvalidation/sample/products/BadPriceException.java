package io.github.cacheinvalidation.sample.products;

/** The price of a request is missing, out of range, or finer than a cent. */
class BadPriceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadPriceException(String message) {
    super(message);
  }
}
