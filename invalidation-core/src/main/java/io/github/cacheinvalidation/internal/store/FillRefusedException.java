package io.github.cacheinvalidation.internal.store;

/** Leaves Caffeine's {@code compute} with what was there; without a stack, since it is no error. */
final class FillRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private FillRefusedException() {
    super("The fence refuses the fill", null, false, false);
  }

  /** Returns the value to store, or throws where the fill is refused. */
  static Object unless(boolean refused, Object value) {
    if (refused) {
      throw new FillRefusedException();
    }
    return value;
  }
}
