package io.github.cacheinvalidation.sample;

import org.jspecify.annotations.Nullable;

/** The shop cannot start. The message names the setting to change, and the remedy. */
class ShopStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ShopStartException(String message) {
    this(message, null);
  }

  ShopStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
