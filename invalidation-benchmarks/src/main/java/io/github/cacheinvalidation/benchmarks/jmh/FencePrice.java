package io.github.cacheinvalidation.benchmarks.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The cost of an eviction and of a fill, with the fence and without it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FencePrice {

  private static final int COUNT = 20_000;

  private final Long[] keys = Keys.shuffled(COUNT);
  private final LogicalClock clock = new LogicalClock();
  private final RecentInvalidations recent = new RecentInvalidations();
  private Cache<Object, Object> full;
  private Cache<Object, Object> empty;

  /** Creates the caches. */
  @Setup
  public void create() {
    full = Node.entries();
    empty = Node.entries();
  }

  /** Fills one cache and empties the other. */
  @Setup(Level.Invocation)
  public void prepare() {
    for (Long key : keys) {
      full.put(key, "value");
    }
    empty.invalidateAll();
  }

  /** Records the key in the recent invalidations, then removes the key. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void evictFenced() {
    for (Long key : keys) {
      recent.record(key, clock.advance());
      VarHandle.fullFence();
      full.asMap().remove(key);
    }
  }

  /** Removes the key. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void evictUnfenced() {
    for (Long key : keys) {
      full.asMap().remove(key);
    }
  }

  /** Tests the slots of the key and stores the value, in one {@code compute}. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void fillFenced() {
    for (Long key : keys) {
      long stamp = clock.now();
      empty
          .asMap()
          .compute(
              key,
              (same, old) ->
                  clock.now() <= stamp || !recent.recordedSince(key, stamp) ? "value" : old);
    }
  }

  /** Stores the value. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void fillUnfenced() {
    for (Long key : keys) {
      empty.put(key, "value");
    }
  }
}
