package io.github.cacheinvalidation.cache;

/** Leaves Caffeine's {@code compute} with what was there; without a stack, since it is no error. */
final class FillRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FillRefusedException() {
    super("The fence refuses the fill", null, false, false);
  }
}
