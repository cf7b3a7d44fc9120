package io.github.cacheinvalidation.benchmarks.jmh;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.cache.Cache;

/**
 * Applies messages of 256 keys, all of them present, on one thread; against a Caffeine cache that
 * is maintained by the calling thread, as ours is.
 */
public abstract class Applying {

  static final int BATCH = 256;

  static final int COUNT = 64 * BATCH;

  private final MessageReader reader = new MessageReader(List.of());
  private final List<Object> keys = new ArrayList<>();
  private final List<byte[]> messages = new ArrayList<>();
  private final List<List<Invalidation<WireKey>>> decoded = new ArrayList<>();
  private Node node;
  private Cache ours;
  private LocalCaches localCaches;
  private com.github.benmanes.caffeine.cache.Cache<Object, Object> plain;

  abstract Object key(Long number);

  /** Returns the keys as they are written in a message. */
  abstract List<byte[]> fragments(List<Object> batch);

  /** Creates caches and messages. */
  @Setup
  public void create() throws UnreadableMessageException {
    node = new Node();
    ours = node.cache();
    localCaches = node.node().cacheManager().localCaches();
    plain = Caffeine.from(Node.SPEC).executor(Runnable::run).build();
    for (Long number : Keys.shuffled(COUNT)) {
      keys.add(key(number));
    }
    BodyWriter writer = new BodyWriter("writer", "6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    for (int from = 0; from < COUNT; from += BATCH) {
      List<byte[]> fragments = fragments(keys.subList(from, from + BATCH));
      byte[] message = writer.write(List.of(new Invalidation.Keys<>(Node.CACHE, fragments)));
      messages.add(message);
      decoded.add(reader.read(message, false).invalidations());
    }
  }

  /** Fills the caches again. */
  @Setup(Level.Invocation)
  public void fill() {
    for (Object key : keys) {
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
      localCaches.apply(reader.read(message, false).invalidations());
    }
  }

  /** Invalidates the same keys. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void plain() {
    for (Object key : keys) {
      plain.invalidate(key);
    }
  }

  /** Evicts keys that were decoded before. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void decodedBefore() {
    for (List<Invalidation<WireKey>> invalidations : decoded) {
      localCaches.apply(invalidations);
    }
  }
}
