package io.github.cacheinvalidation.sample.page;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of each invalidation from the node that published it to the nodes that evicted. The times
 * are exact, because all nodes use the clock of one JVM. A message carries no time and names no
 * write, so an eviction is matched with the newest write that its node has not evicted yet; older
 * ones count as done. Two writes within some microseconds may be mixed up. Safe for any thread.
 */
final class Travels {

  /** The publisher of a message that no node of the shop has published. */
  static final int OUTSIDE = 0;

  private static final int MOST = 8;
  private static final int MOST_TIMES = 200;
  private static final long ONE_MESSAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Deque<Travel> travels = new ArrayDeque<>();
  private final Deque<Long> times = new ArrayDeque<>();
  private long ids;

  /** A node has committed a write, or begins to clear a cache; the others will evict. */
  synchronized Travel begin(int from, String what, List<Integer> receivers) {
    Travel travel = new Travel(++ids, from, what, System.nanoTime());
    receivers.stream()
        .filter(node -> node != from)
        .forEach(node -> travel.arrivals.put(node, new Arrival(node, null, null)));
    travels.addFirst(travel);
    while (travels.size() > MOST) {
      travels.removeLast();
    }
    notifyAll();
    return travel;
  }

  /** A node has evicted what a message named. */
  synchronized void arrived(int node, String what, String how) {
    long now = System.nanoTime();
    boolean first = true;
    for (Travel travel : travels) {
      Arrival arrival = travel.arrivals.get(node);
      if (arrival != null && arrival.how() == null) {
        long micros = TimeUnit.NANOSECONDS.toMicros(now - travel.begin);
        travel.arrivals.put(node, new Arrival(node, micros, first ? how : "merged"));
        if (first && how.equals("message")) {
          remember(micros);
        }
        first = false;
      }
    }
    if (first) {
      arrivedFromOutside(node, what, how, now);
    }
    notifyAll();
  }

  /** A node has stopped, or has cleared its caches: no older message can evict there any more. */
  synchronized void forget(int node) {
    travels.forEach(
        travel -> travel.arrivals.values().removeIf(a -> a.node() == node && a.how() == null));
    notifyAll();
  }

  /** Waits until all receivers have evicted; returns whether they have. */
  synchronized boolean awaitAll(Travel travel, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!travel.isDone()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Forgets all that happened so far. */
  synchronized void reset() {
    travels.clear();
    times.clear();
  }

  synchronized @Nullable Travel newestFrom(int node) {
    return travels.stream().filter(travel -> travel.from == node).findFirst().orElse(null);
  }

  synchronized List<Arrival> arrivals(Travel travel) {
    return List.copyOf(travel.arrivals.values());
  }

  synchronized List<Seen> newestFirst() {
    return travels.stream()
        .map(
            each ->
                new Seen(
                    each.id, each.at, each.from, each.what, List.copyOf(each.arrivals.values())))
        .toList();
  }

  /** Returns the median of the last times in microseconds; null if there is none. */
  synchronized @Nullable Long medianMicros() {
    List<Long> sorted = new ArrayList<>(times);
    sorted.sort(Comparator.naturalOrder());
    return sorted.isEmpty() ? null : sorted.get(sorted.size() / 2);
  }

  private void remember(long micros) {
    times.addLast(micros);
    while (times.size() > MOST_TIMES) {
      times.removeFirst();
    }
  }

  /** The nodes evict at about the same time what a message from outside names. */
  private void arrivedFromOutside(int node, String what, String how, long now) {
    Travel newest = travels.peekFirst();
    Travel travel =
        newest != null
                && newest.from == OUTSIDE
                && !newest.arrivals.containsKey(node)
                && now - newest.begin < ONE_MESSAGE_NANOS
            ? newest
            : begin(OUTSIDE, what, List.of());
    travel.arrivals.put(node, new Arrival(node, null, how));
  }

  /** One invalidation under way. */
  static final class Travel {

    private final long id;
    private final long at = System.currentTimeMillis();
    private final int from;
    private final String what;
    private final long begin;
    private final Map<Integer, Arrival> arrivals = new TreeMap<>();

    private Travel(long id, int from, String what, long begin) {
      this.id = id;
      this.from = from;
      this.what = what;
      this.begin = begin;
    }

    private boolean isDone() {
      return arrivals.values().stream().allMatch(each -> each.how() != null);
    }
  }

  /**
   * The eviction on one node.
   *
   * @param micros the time since the commit; null if it is unknown
   * @param how {@code message}, {@code replay}, or {@code merged} with a later one; null while the
   *     node has not evicted
   */
  record Arrival(int node, @Nullable Long micros, @Nullable String how) {}

  /** An invalidation, as the page gets it. */
  record Seen(long id, long at, int from, String what, List<Arrival> arrivals) {}
}
