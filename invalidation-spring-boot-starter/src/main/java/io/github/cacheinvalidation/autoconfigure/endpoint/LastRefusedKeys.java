package io.github.cacheinvalidation.autoconfigure.endpoint;

import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers for each cache of this node which key was the last that no message can contain. */
final class LastRefusedKeys implements MessageEventListener {

  private final Map<String, Refused> keys = new ConcurrentHashMap<>();

  private final InstantSource clock;

  /** A key, without its value. */
  record Refused(Instant time, String type, String reason) {}

  LastRefusedKeys(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void keyRefused(String cache, Class<?> type, String reason) {
    keys.put(cache, new Refused(clock.instant(), type.getTypeName(), reason));
  }

  @Nullable Refused of(String cache) {
    return keys.get(cache);
  }
}
