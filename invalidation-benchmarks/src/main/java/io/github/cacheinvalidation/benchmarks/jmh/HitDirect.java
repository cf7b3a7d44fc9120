package io.github.cacheinvalidation.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.cache.Cache;

/** {@code Cache.get(key)} of a present key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitDirect {

  private static final int COUNT = 4096;

  private final Long[] keys = Keys.shuffled(COUNT);
  private Node node;
  private Cache ours;
  private Cache plain;
  private Cache bare;
  private int next;

  /** Fills the caches. */
  @Setup
  public void fill() {
    node = new Node();
    ours = node.cache();
    plain = Node.plain();
    bare = new BoundlessCache(Node.CACHE, Node.entries());
    for (Long key : keys) {
      ours.get(key, () -> "value");
      plain.put(key, "value");
      bare.put(key, "value");
    }
  }

  /** Stops the node. */
  @TearDown
  public void close() {
    node.close();
  }

  /** Ours. */
  @Benchmark
  public Object ours() {
    return ours.get(keys[next++ & (COUNT - 1)]);
  }

  /** Spring's {@code CaffeineCache}. */
  @Benchmark
  public Object plain() {
    return plain.get(keys[next++ & (COUNT - 1)]);
  }

  /** Ours without the staleness bound: reads neither the watermark nor a clock. */
  @Benchmark
  public Object withoutBound() {
    return bare.get(keys[next++ & (COUNT - 1)]);
  }
}
