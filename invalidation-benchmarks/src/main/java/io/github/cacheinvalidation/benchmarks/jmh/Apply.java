package io.github.cacheinvalidation.benchmarks.jmh;

import io.github.cacheinvalidation.coherence.Replica;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.CacheKeys;
import io.github.cacheinvalidation.wire.Invalidation;
import io.github.cacheinvalidation.wire.MessageReader;
import io.github.cacheinvalidation.wire.PackedNumbers;
import io.github.cacheinvalidation.wire.UnreadableMessageException;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.cache.Cache;

/** What a receiver does with messages of 256 keys, all of them present, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Apply {

  private static final int COUNT = 64 * 256;

  private final Long[] keys = Keys.shuffled(COUNT);
  private final MessageReader reader = new MessageReader(List.of());
  private final List<byte[]> messages = new ArrayList<>();
  private final List<List<Invalidation>> decoded = new ArrayList<>();
  private Node node;
  private Cache ours;
  private Replica replica;
  private com.github.benmanes.caffeine.cache.Cache<Object, Object> plain;

  /** Makes caches and messages. */
  @Setup
  public void create() throws UnreadableMessageException {
    node = new Node();
    ours = node.cache();
    replica = node.node().cacheManager().replica();
    plain = Node.entries();
    BodyWriter writer = new BodyWriter("writer", "6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    PackedNumbers batch = new PackedNumbers();
    for (Long key : keys) {
      batch.add(key);
      if (batch.count() == 256) {
        byte[] message =
            writer.write(
                List.of(new CacheKeys(Node.CACHE, false, List.of(batch.toWire()), batch.count())));
        messages.add(message);
        decoded.add(reader.read(message, false).invalidations());
        batch = new PackedNumbers();
      }
    }
  }

  /** Fills the caches again. */
  @Setup(Level.Invocation)
  public void fill() {
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

  /** Decodes and evicts. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void ours() throws UnreadableMessageException {
    for (byte[] message : messages) {
      replica.apply(reader.read(message, false).invalidations());
    }
  }

  /** Invalidates the same keys. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void plain() {
    for (Long key : keys) {
      plain.invalidate(key);
    }
  }

  /** Evicts what was decoded before. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void decodedBefore() {
    for (List<Invalidation> invalidations : decoded) {
      replica.apply(invalidations);
    }
  }

  /** Decodes only. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public int decode() throws UnreadableMessageException {
    int size = 0;
    for (byte[] message : messages) {
      size += reader.read(message, false).invalidations().size();
    }
    return size;
  }
}
