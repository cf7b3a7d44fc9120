package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import java.util.List;

/**
 * The heap that an entry takes: the difference of the heap after full collections with and without
 * the entries. Both caches use the same keys and values, which exist before.
 */
public final class EntryBytes {

  private EntryBytes() {}

  static List<Row> measure(Options options) {
    double[] ours = new double[options.rounds()];
    double[] other = new double[options.rounds()];
    List<String> jvm = List.of("-XX:+UseSerialGC", "-Xmx1g");
    String entries = options.quick() ? "200000" : "500000";
    for (int round = 0; round < options.rounds(); round++) {
      ours[round] = Children.run(EntryBytes.class, jvm, "ours", entries);
      other[round] = Children.run(EntryBytes.class, jvm, "other", entries);
    }
    return List.of(
        Row.difference("entry-bytes", "B/entry", ours, other, Target.atMost(0.5, "B more")));
  }

  /** Prints the bytes of an entry. */
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[1]);
    Object[] keys = new Object[count];
    for (int i = 0; i < count; i++) {
      keys[i] = 1_000_000L + i;
    }
    if (arguments[0].equals("ours")) {
      LocalHub hub = new LocalHub();
      try (OurNode node = new OurNode("measured", () -> hub.open("entries"))) {
        node.cache().get("first", () -> Fleet.VALUE);
        double before = Heap.usedBytes();
        node.fill(List.of(keys));
        print(before, count, node);
      }
    } else {
      com.github.benmanes.caffeine.cache.Cache<Object, Object> cache = Fleet.caffeine();
      cache.put("first", Fleet.VALUE);
      double before = Heap.usedBytes();
      for (Object key : keys) {
        cache.put(key, Fleet.VALUE);
      }
      print(before, count, cache);
    }
    System.exit(keys.length == count ? 0 : 1);
  }

  private static void print(double before, int count, Object alive) {
    double bytes = (Heap.usedBytes() - before) / count;
    System.out.println(alive == null ? "" : String.valueOf(bytes));
  }
}
