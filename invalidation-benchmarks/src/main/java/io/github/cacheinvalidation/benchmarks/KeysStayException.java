package io.github.cacheinvalidation.benchmarks;

/** Some invalidated keys are still on a receiver after a long wait. */
final class KeysStayException extends VoidRunException {

  private static final long serialVersionUID = 1L;

  KeysStayException(String message) {
    super(message);
  }
}
