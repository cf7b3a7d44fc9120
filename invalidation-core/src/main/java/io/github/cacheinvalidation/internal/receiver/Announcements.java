package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The short messages that were announced and applied here, but have not arrived in the chain yet; a
 * bounded number is kept. A message of the chain matches an announcement only if the random id and
 * the invalidations are equal, so no unapplied message is skipped. Not thread-safe; see {@link
 * ReceiverLoop}.
 */
final class Announcements {

  private static final int MOST = 64;

  private final Map<String, List<Invalidation<WireKey>>> announced =
      new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Invalidation<WireKey>>> eldest) {
          return size() > MOST;
        }
      };

  /** Remembers an applied message, if it is an announcement. */
  void note(Message message) {
    String ahead = message.ahead();
    if (ahead != null && !message.invalidations().isEmpty()) {
      announced.put(ahead, message.invalidations());
    }
  }

  /**
   * Returns whether exactly this message was announced and applied. Forgets the announcement with
   * its random id.
   */
  boolean take(Position position, Message message) {
    @Nullable List<Invalidation<WireKey>> applied =
        announced.isEmpty() ? null : announced.remove(position.nonce());
    return applied != null && applied.equals(message.invalidations());
  }
}
