package io.github.cacheinvalidation.benchmarks;

/** Some keys were invalidated, and are still on a receiver long after. */
final class KeysStayException extends VoidRunException {

  private static final long serialVersionUID = 1L;

  KeysStayException(String message) {
    super(message);
  }
}
