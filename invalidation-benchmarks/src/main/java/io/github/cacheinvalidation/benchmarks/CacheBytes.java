package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * The heap that an empty cache takes: the difference of the heap after full collections with and
 * without the caches. Applications with a cache for each tenant have thousands of caches.
 */
public final class CacheBytes {

  private CacheBytes() {}

  static List<Row> measure(Options options) {
    double[] ours = new double[options.rounds()];
    double[] other = new double[options.rounds()];
    List<String> jvm = List.of("-XX:+UseSerialGC", "-Xmx1g");
    String caches = options.quick() ? "1000" : "2000";
    for (int round = 0; round < options.rounds(); round++) {
      ours[round] = Children.run(CacheBytes.class, jvm, "ours", caches);
      other[round] = Children.run(CacheBytes.class, jvm, "other", caches);
    }
    return List.of(Row.alone("cache-bytes", "B/cache", ours, other, Target.atMost(4096, "B")));
  }

  /** Prints the bytes of a cache. */
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[1]);
    List<Cache> caches = new ArrayList<>(count);
    if (arguments[0].equals("ours")) {
      LocalHub hub = new LocalHub();
      try (DefaultInvalidationNode node =
          DefaultInvalidationNode.builder()
              .name("measured")
              .channel(() -> hub.open("caches"))
              .caches(any -> CacheSettings.ofSpec(Fleet.SPEC, Duration.ofSeconds(10), false))
              .build()) {
        caches.add(node.cacheManager().getCache("first"));
        double before = Heap.usedBytes();
        for (int i = 0; i < count; i++) {
          caches.add(node.cacheManager().getCache("tenant-" + i));
        }
        print(before, count, caches);
      }
    } else {
      caches.add(new CaffeineCache("first", Fleet.caffeine()));
      double before = Heap.usedBytes();
      for (int i = 0; i < count; i++) {
        caches.add(new CaffeineCache("tenant-" + i, Fleet.caffeine()));
      }
      print(before, count, caches);
    }
    System.exit(0);
  }

  private static void print(double before, int count, List<Cache> alive) {
    double bytes = (Heap.usedBytes() - before) / count;
    System.out.println(alive.isEmpty() ? "" : String.valueOf(bytes));
  }
}
