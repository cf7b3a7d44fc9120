package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import org.jspecify.annotations.Nullable;

/**
 * What a stopped outbox could not publish.
 *
 * @param keys how many keys
 * @param wholeCaches how many whole caches
 * @param cause why the last attempt failed; null if it did not
 */
record UnpublishedKeys(int keys, int wholeCaches, @Nullable RuntimeException cause) {

  static final UnpublishedKeys NONE = new UnpublishedKeys(0, 0, null);

  UnpublishedKeys plus(UnpublishedKeys other) {
    return new UnpublishedKeys(
        keys + other.keys,
        wholeCaches + other.wholeCaches,
        other.isSome() && (!isSome() || cause == null) ? other.cause : cause);
  }

  private boolean isSome() {
    return keys + wholeCaches > 0;
  }

  /** Notifies the observer, if there is something to tell. */
  void tell(InvalidationObserver observer) {
    if (isSome()) {
      observer.unpublishedAtStop(keys, wholeCaches, cause);
    }
  }
}
