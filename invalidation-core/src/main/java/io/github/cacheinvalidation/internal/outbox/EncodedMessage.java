package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;

/**
 * The contents of one message, within the limits of {@link MessagePacker}.
 *
 * @param caches the stale keys and caches, with encoded keys
 * @param keyCount the number of keys; one packed array can hold many keys
 */
record EncodedMessage(List<Invalidation.OfCache<byte[]>> caches, int keyCount) {

  int wholeCount() {
    return (int) caches.stream().filter(Invalidation.Whole.class::isInstance).count();
  }
}
