package io.github.cacheinvalidation.internal.key;

/** Says why the keys of a class cannot be created from their fields. */
final class NotCanonicalException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * Creates an exception.
   *
   * @param reason a clause whose subject is the class
   */
  NotCanonicalException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
