package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.ReadableKeys;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns messages of the log into what a handler gets. */
final class GroupMessages {

  private static final Logger logger = LoggerFactory.getLogger(GroupMessages.class);

  private final MessageReader reader;
  private final KnownCaches caches;

  GroupMessages(MessageReader reader, KnownCaches caches) {
    this.reader = reader;
    this.caches = caches;
  }

  /**
   * Returns what is stale, possibly nothing; null if everything may be stale. A message that cannot
   * be read may name any key, so everything may be stale.
   */
  @Nullable List<Invalidation.OfCache<InvalidationGroupHandler.Key>> stale(GroupLog.Entry entry) {
    if (entry.everything()) {
      return null;
    }
    Message message;
    try {
      message = reader.read(entry.body(), false);
    } catch (UnreadableMessageException unreadable) {
      logger.debug("Message {} cannot be read", entry.id(), unreadable);
      return null;
    }
    List<Invalidation.OfCache<InvalidationGroupHandler.Key>> stale = new ArrayList<>();
    for (Invalidation<WireKey> each : message.invalidations()) {
      Invalidation.OfCache<InvalidationGroupHandler.Key> readable = readable(each);
      if (readable == null) {
        return null;
      }
      stale.add(readable);
    }
    return stale;
  }

  private Invalidation.@Nullable OfCache<InvalidationGroupHandler.Key> readable(
      Invalidation<WireKey> each) {
    if (each instanceof Invalidation.Keys<WireKey> keys) {
      return keys(keys.cache(), keys.keys(), false);
    }
    if (each instanceof Invalidation.OpenKeys<WireKey> keys) {
      return keys(keys.cache(), keys.keys(), true);
    }
    if (each instanceof Invalidation.OfCache<WireKey> whole) {
      return new Invalidation.Whole<>(whole.cache());
    }
    return each instanceof Invalidation.Prefixed<WireKey> prefixed
        ? prefixed(prefixed.text())
        : null;
  }

  private Invalidation.OfCache<InvalidationGroupHandler.Key> keys(
      String cache, Collection<WireKey> keys, boolean open) {
    KeyTypes types = caches.keyTypes(cache);
    List<InvalidationGroupHandler.Key> readable = ReadableKeys.of(keys, types, open);
    return readable == null
        ? new Invalidation.Whole<>(cache)
        : new Invalidation.Keys<>(cache, readable);
  }

  /** The cache is the longest known name before a colon, else what is before the first colon. */
  private Invalidation.@Nullable OfCache<InvalidationGroupHandler.Key> prefixed(String text) {
    int end = text.indexOf(':');
    for (String name : caches.names()) {
      if (name.length() > end && text.startsWith(name + ":")) {
        end = name.length();
      }
    }
    return end <= 0
        ? null
        : keys(text.substring(0, end), List.of(WireKey.text(text.substring(end + 1))), true);
  }
}
