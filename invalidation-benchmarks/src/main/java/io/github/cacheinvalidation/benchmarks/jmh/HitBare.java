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

/** {@code Cache.get(key)} of a present key, in a cache without expiry and statistics. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitBare {

  private static final int COUNT = 4096;

  private final Long[] keys = Keys.shuffled(COUNT);
  private Node node;
  private Cache ours;
  private Cache plain;
  private int next;

  /** Fills the caches. */
  @Setup
  public void fill() {
    node = new Node(Node.BARE_SPEC);
    ours = node.cache();
    plain = Node.plain(Node.BARE_SPEC);
    for (Long key : keys) {
      ours.get(key, () -> "value");
      plain.put(key, "value");
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
}
