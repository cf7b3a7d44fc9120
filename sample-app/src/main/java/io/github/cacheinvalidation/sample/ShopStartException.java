package io.github.cacheinvalidation.sample;

import org.jspecify.annotations.Nullable;

/** The shop cannot start; the message says which setting to change, and how. */
class ShopStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ShopStartException(String message) {
    this(message, null);
  }

  ShopStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
