package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.List;

/**
 * Applies the messages of a further channel. Does not compare their settings: the nodes of another
 * application may have other settings for a cache of the same name.
 *
 * @param target applies the messages
 */
record FurtherLocalCaches(LocalCaches target) implements LocalCaches {

  @Override
  public void apply(List<Invalidation<WireKey>> invalidations) {
    target.apply(invalidations);
  }

  @Override
  public void apply(Message message) {
    target.apply(message.withoutSettings());
  }

  @Override
  public MessageEventListener listener() {
    return target.listener();
  }

  @Override
  public void clearAll(ClearReason reason) {
    target.clearAll(reason);
  }

  @Override
  public void markSuspect(long confirmedNanos) {
    target.markSuspect(confirmedNanos);
  }
}
