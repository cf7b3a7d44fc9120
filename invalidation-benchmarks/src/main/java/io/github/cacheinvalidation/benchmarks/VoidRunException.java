package io.github.cacheinvalidation.benchmarks;

/** An event makes a measurement void. */
class VoidRunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  VoidRunException(String message) {
    super(message);
  }
}
