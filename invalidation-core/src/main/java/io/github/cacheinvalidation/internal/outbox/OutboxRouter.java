package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds each invalidation to the outbox of the channel of its cache. If a cache has a cache channel,
 * now and then one key goes to the own channel too: a node that expects this cache there would not
 * hear of it otherwise; see {@link ChannelNotices}.
 *
 * @param own the outbox of all caches that have no other one
 * @param byCache the outboxes of the other caches
 * @param notices which of the other caches are due to be named on the own channel
 */
record OutboxRouter(Outbox own, Map<String, Outbox> byCache, ChannelNotices notices)
    implements InvalidationSink {

  private Outbox of(String cache) {
    return byCache.getOrDefault(cache, own);
  }

  @Override
  public Acceptance add(String cache, Object key) {
    Acceptance accepted = of(cache).add(cache, key);
    if (isDue(cache)) {
      new Addition(own, cache, key).offer();
    }
    return accepted;
  }

  private boolean isDue(String cache) {
    return byCache.containsKey(cache) && own.isPublishing() && notices.take(cache);
  }

  /**
   * Does not wait, neither for room nor for acceptance, because the writer needs no notice. A clear
   * is no notice, because a node that hears both channels would clear the cache twice.
   */
  private void offerNotices(List<Invalidation.OfCache<Object>> stale) {
    List<Invalidation.OfCache<Object>> due = new ArrayList<>(0);
    for (Invalidation.OfCache<Object> each : stale) {
      if (each instanceof Invalidation.Keys<Object> some
          && !some.keys().isEmpty()
          && isDue(each.cache())) {
        due.add(Invalidation.keys(each.cache(), some.keys().iterator().next()));
      }
    }
    if (!due.isEmpty()) {
      new Addition(own, due).offer();
    }
  }

  /**
   * First each outbox gets what it has room for, so a full one delays the part of no other one.
   * Then the caller waits for those that are full, one after the other. If one outbox throws, such
   * as for lack of memory, the others get their part first, and it gets the rest of its own.
   */
  @Override
  public Acceptance addAll(List<Invalidation.OfCache<Object>> stale) {
    Map<Outbox, List<Invalidation.OfCache<Object>>> parts = new LinkedHashMap<>();
    for (Invalidation.OfCache<Object> each : stale) {
      parts.computeIfAbsent(of(each.cache()), outbox -> new ArrayList<>()).add(each);
    }
    List<Addition> additions = new ArrayList<>(parts.size());
    parts.forEach((outbox, part) -> additions.add(new Addition(outbox, part)));
    List<Throwable> thrown = new ArrayList<>(0);
    List<Acceptance> accepted = new ArrayList<>(parts.size());
    additions.forEach(each -> attempt(each::offer, thrown));
    additions.forEach(each -> attempt(() -> accepted.add(each.finish()), thrown));
    attempt(() -> offerNotices(stale), thrown);
    rethrow(thrown);
    return AcceptanceOfAll.of(accepted);
  }

  private static void attempt(Runnable step, List<Throwable> thrown) {
    try {
      step.run();
    } catch (RuntimeException | Error broken) {
      thrown.add(broken);
    }
  }

  private static void rethrow(List<Throwable> thrown) {
    if (thrown.isEmpty()) {
      return;
    }
    Throwable first = thrown.get(0);
    thrown.stream().skip(1).filter(each -> each != first).forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) first;
  }
}
