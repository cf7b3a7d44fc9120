package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.key.KeyForm;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Excerpt;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Logs, once for each cache, that messages do not fit this node: they name a cache that is not
 * among its fixed ones, or keys of a type that it does not use. Two applications or two versions
 * then share a channel. A limited number of caches is reported, because any program can send.
 */
final class MessageDefects implements MessageEventListener {

  private static final int MOST_CACHES = 100;

  /** One such message is usual: this node may not have called the method with these keys yet. */
  private static final int SEVERAL = 10;

  private final NodeLog log;

  private final Set<String> fixedNames;

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** How many messages in a row named no key of a type used here, by cache. */
  private final Map<String, Integer> inARow = new ConcurrentHashMap<>();

  /**
   * Creates a watch.
   *
   * @param fixedNames the names of the only caches; empty if a cache is created for any name
   */
  MessageDefects(NodeLog log, Collection<String> fixedNames) {
    this.log = log;
    this.fixedNames = Set.copyOf(fixedNames);
  }

  @Override
  public void unknownCache(@Nullable String origin, String cache) {
    if (log.isDebugEnabled()) {
      log.debug(
          "A message of {} named cache '{}', which this node does not have, or which is local only",
          sender(origin),
          Excerpt.withDots(cache));
    }
    if (!fixedNames.isEmpty() && !fixedNames.contains(cache) && tellFirst("name " + cache)) {
      log.warn(
          "A message of {} named cache '{}', which is not in spring.cache.cache-names of this node:"
              + " {}. If this application uses the cache, add it there. If the sender is another"
              + " application, give the two different channels: invalidation.channel. Further"
              + " messages for this cache are only counted",
          sender(origin),
          Excerpt.withDots(cache),
          fixedNames.stream().sorted().limit(MOST_CACHES).toList());
    }
  }

  @Override
  public void compared(
      @Nullable String origin,
      String cache,
      Collection<WireKey> keys,
      KeyTypes types,
      boolean any) {
    if (any) {
      if (!inARow.isEmpty()) {
        inARow.remove(cache);
      }
      return;
    }
    List<String> used = types.names();
    if (used.isEmpty()
        || keys.isEmpty()
        || (inARow.size() > MOST_CACHES && !inARow.containsKey(cache))) {
      return;
    }
    if (inARow.merge(cache, 1, Integer::sum) == SEVERAL && tellFirst("keys " + cache)) {
      log.warn(
          "{} messages in a row named no key that cache '{}' uses here. The last one, of {}, named"
              + " {}; keys here are of {}. So writes of other nodes evict nothing from this cache."
              + " Use keys of one type in all versions of the application and in all methods of the"
              + " cache, or give the cache another name. If this node has not called a method with"
              + " such keys yet, nothing is wrong",
          SEVERAL,
          cache,
          sender(origin),
          Excerpt.withDots(KeyForm.of(keys.iterator().next())),
          used);
    }
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    if (reason == ClearReason.UNKNOWN_KEY_TYPE && tellFirst("type " + cache)) {
      log.warn(
          "Cache '{}' was cleared, because a message named a key of a class that this node does not"
              + " know, or knows with other components. Two versions of the application run, or a"
              + " class of keys was renamed. If that lasts, give the cache another name in the new"
              + " version. Further clears are only counted, in invalidation.cleared.caches",
          cache);
    }
  }

  private boolean tellFirst(String defect) {
    return told.size() < MOST_CACHES && told.add(defect);
  }

  private static String sender(@Nullable String origin) {
    return origin == null ? "another program" : "node " + Excerpt.withDots(origin);
  }
}
