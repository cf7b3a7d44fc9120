package io.github.cacheinvalidation.sample.page;

/** A visitor asked for something that is not possible now. The message says why. */
class RefusedActionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefusedActionException(String message) {
    super(message);
  }
}
