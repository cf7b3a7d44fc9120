package io.github.cacheinvalidation.benchmarks;

/** Something happened that makes a measurement worthless. */
class VoidRunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  VoidRunException(String message) {
    super(message);
  }
}
