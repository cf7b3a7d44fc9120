package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyText;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Excerpt;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Logs at level DEBUG what is published and applied, one line for each cache of a message, with a
 * bounded number of keys. Keys can be personal data, so only this logger has them.
 */
final class MessageDebug implements MessageEventListener {

  private static final int MOST_KEYS = 10;

  private final NodeLog log;

  MessageDebug(NodeLog log) {
    this.log = log;
  }

  @Override
  public void accepted(List<Invalidation.OfCache<Object>> stale) {
    if (!log.isDebugEnabled()) {
      return;
    }
    for (Invalidation.OfCache<Object> each : stale) {
      if (each instanceof Invalidation.Keys<Object> some) {
        log.debug(
            "Published: keys of cache '{}': {}",
            each.cache(),
            text(
                some.keys().size(),
                some.keys().stream().limit(MOST_KEYS).map(MessageDebug::text).toList()));
      } else {
        log.debug("Published: all of cache '{}'", each.cache());
      }
    }
  }

  @Override
  public void evicted(
      @Nullable String origin, String cache, Collection<WireKey> keys, int count, long evicted) {
    if (log.isDebugEnabled()) {
      List<String> first =
          KeyText.first(keys, MOST_KEYS).stream()
              .map(key -> Excerpt.withDots(KeyText.of(key)))
              .toList();
      log.debug(
          "Applied: keys of cache '{}': {}; {} entries removed; sender {}",
          cache,
          text(count, first),
          evicted,
          sender(origin));
    }
  }

  @Override
  public void cleared(@Nullable String origin, String cache, long evicted) {
    if (log.isDebugEnabled()) {
      log.debug(
          "Applied: all of cache '{}'; {} entries removed; sender {}",
          cache,
          evicted,
          sender(origin));
    }
  }

  private static String sender(@Nullable String origin) {
    return origin == null ? "another program" : Excerpt.withDots(origin);
  }

  private static String text(int count, List<String> first) {
    String keys = first.stream().collect(Collectors.joining(", ", "[", ""));
    return count > first.size() ? keys + ", and " + (count - first.size()) + " more]" : keys + "]";
  }

  /** The method of a key of the application may throw. */
  private static String text(Object key) {
    try {
      return Excerpt.withDots(String.valueOf(key));
    } catch (RuntimeException | StackOverflowError broken) {
      return "a key whose toString() throws";
    }
  }
}
