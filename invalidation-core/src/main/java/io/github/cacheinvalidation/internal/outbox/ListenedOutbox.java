package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** An outbox that notifies a listener of each write before it adds the write. */
public final class ListenedOutbox extends Outbox {

  private final WriteListener listener;

  /**
   * Creates an outbox that is not started; see {@link Outbox}.
   *
   * @param listener is notified of each write
   */
  public ListenedOutbox(
      KeyEncoder encoder,
      OutboxSettings settings,
      InvalidationObserver observer,
      Supplier<String> nonces,
      RandomGenerator random,
      ForeignPublisher foreign,
      WriteListener listener) {
    super(encoder, settings, observer, nonces, random, foreign);
    this.listener = listener;
  }

  @Override
  public Acceptance add(String cache, Object key) {
    listener.written(new Invalidation.Keys<>(cache, List.of(key)));
    return super.add(cache, key);
  }

  @Override
  public Acceptance addAll(List<Invalidation.OfCache<Object>> stale) {
    stale.forEach(listener::written);
    return super.addAll(stale);
  }
}
