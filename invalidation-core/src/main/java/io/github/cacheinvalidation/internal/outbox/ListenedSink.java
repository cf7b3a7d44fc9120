package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;

/**
 * Notifies a listener of each write before it passes the write on.
 *
 * @param target takes the writes
 * @param listener is notified of each write
 */
public record ListenedSink(InvalidationSink target, WriteListener listener)
    implements InvalidationSink {

  @Override
  public Acceptance add(String cache, Object key) {
    listener.written(new Invalidation.Keys<>(cache, List.of(key)));
    return target.add(cache, key);
  }

  @Override
  public Acceptance addAll(List<Invalidation.OfCache<Object>> stale) {
    stale.forEach(listener::written);
    return target.addAll(stale);
  }
}
