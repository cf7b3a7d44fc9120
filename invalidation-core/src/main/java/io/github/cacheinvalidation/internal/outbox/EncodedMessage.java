package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;

/**
 * What one message says, packed within the limits.
 *
 * @param caches what became stale, with keys in bytes
 * @param keyCount how many keys that are; one packed array can stand for many
 */
record EncodedMessage(List<Invalidation.OfCache<byte[]>> caches, int keyCount) {

  int wholeCount() {
    return (int) caches.stream().filter(Invalidation.Whole.class::isInstance).count();
  }
}
