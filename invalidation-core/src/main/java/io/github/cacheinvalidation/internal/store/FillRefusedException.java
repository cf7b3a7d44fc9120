package io.github.cacheinvalidation.internal.store;

/** Ends Caffeine's {@code compute} without a change; has no stack trace, as it is no error. */
final class FillRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private FillRefusedException() {
    super("The fence refuses the fill", null, false, false);
  }

  /** Returns the value to store; throws if the fill is refused. */
  static Object unless(boolean refused, Object value) {
    if (refused) {
      throw new FillRefusedException();
    }
    return value;
  }
}
