package io.github.cacheinvalidation.autoconfigure.endpoint;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers when and why each cache of this node was last cleared. */
final class LastClears implements MessageEventListener {

  private final Map<String, Clear> clears = new ConcurrentHashMap<>();

  private final InstantSource clock;

  /** A clear of a whole cache. */
  record Clear(Instant time, ClearReason reason) {}

  LastClears(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    clears.put(cache, new Clear(clock.instant(), reason));
  }

  @Nullable Clear of(String cache) {
    return clears.get(cache);
  }
}
