package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import java.util.List;

/**
 * Applies each message as a part of a trace.
 *
 * @param target applies the messages
 * @param tracer follows them
 */
public record TracedLocalCaches(LocalCaches target, MessageTracer tracer) implements LocalCaches {

  @Override
  public void apply(List<Invalidation<WireKey>> invalidations) {
    target.apply(invalidations);
  }

  @Override
  public void apply(Message message) {
    tracer.applying(message, () -> target.apply(message));
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
