package io.github.cacheinvalidation.convergence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last events of all nodes, in bounded memory; they can be selected by key. */
final class History {

  private static final int SIZE = 1 << 17;

  private static final int LONGEST = 90;

  private static final long SECONDS = TimeUnit.SECONDS.toNanos(4);

  private final AtomicReferenceArray<@Nullable Event> events = new AtomicReferenceArray<>(SIZE);

  private final AtomicLong count = new AtomicLong();

  private final long begin = System.nanoTime();

  /** The node, cache and key of an event: null stands for all nodes, all caches, all keys. */
  private record Event(
      long at,
      String what,
      @Nullable String node,
      @Nullable String cache,
      @Nullable Key key,
      Object detail) {

    boolean concerns(String otherNode, Key other) {
      return (node == null || node.equals(otherNode))
          && (cache == null || cache.equals(other.cache()))
          && (key == null || key.equals(other) || (cache == null && isOneOf(key, other)));
    }

    private static boolean isOneOf(Key product, Key list) {
      for (int each : list.products()) {
        if (product.kind() == 'p' && product.id() == each) {
          return true;
        }
      }
      return false;
    }
  }

  /** The commit of a product concerns every key that shows it, on every node. */
  void committed(long at, Version version) {
    add(new Event(at, "committed", null, null, Key.product(version.product()), version));
  }

  /** A key was named by a message that Redis accepted; or its whole cache, if the key is null. */
  void accepted(long at, String node, String cache, @Nullable Key key) {
    add(new Event(at, "accepted from " + node, null, cache, key, key == null ? cache : key));
  }

  void applied(String node, Key key, Object ordinals) {
    add(new Event(System.nanoTime(), "applied", node, key.cache(), key, ordinals));
  }

  void evicted(String node, Key key, Version version) {
    add(new Event(System.nanoTime(), "written and evicted", node, key.cache(), key, version));
  }

  void cleared(String node, String cache, Object reason) {
    add(new Event(System.nanoTime(), "cleared", node, cache, null, reason));
  }

  void loaded(long at, String node, Key key, Value value) {
    add(new Event(at, "load saw", node, key.cache(), key, value));
  }

  /** Something that concerns every cache of a node, or of all of them if the node is null. */
  void happened(@Nullable String node, String what, Object detail) {
    add(new Event(System.nanoTime(), what, node, null, null, detail));
  }

  private void add(Event event) {
    events.set((int) (count.getAndIncrement() & (SIZE - 1)), event);
  }

  /** Returns the events of a key on a node in the seconds before a moment, in order of time. */
  String before(long moment, String node, Key key) {
    List<Event> found = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      Event event = events.get(i);
      if (event != null
          && event.at - moment <= 0
          && moment - event.at < SECONDS
          && event.concerns(node, key)) {
        found.add(event);
      }
    }
    found.sort(Comparator.comparingLong(event -> event.at - begin));
    StringBuilder text = new StringBuilder();
    int from = Math.max(0, found.size() - LONGEST);
    if (from > 0) {
      text.append("  (").append(from).append(" earlier events left out)\n");
    }
    for (Event event : found.subList(from, found.size())) {
      String where = event.node == null ? "" : " on " + event.node;
      text.append(
          String.format("  %s  %s%s: %s%n", time(event.at), event.what, where, event.detail));
    }
    return text.toString();
  }

  /** Returns a moment in milliseconds since the beginning. */
  String time(long moment) {
    return String.format("%.3f ms", (moment - begin) / 1e6);
  }
}
