package io.github.cacheinvalidation.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads keys on a node all the time, and notes each answer that is older than the bound. How old an
 * answer is, is judged at the moment before the read began, so that a slow machine does not matter:
 * the value has been stale for at least that long.
 */
final class BoundWatch implements AutoCloseable {

  private static final long PAUSE_NANOS = 500_000;

  private final ShopNode node;

  private final long boundNanos;

  private final Map<Long, Change> changes = new ConcurrentHashMap<>();

  private final List<String> violations = new CopyOnWriteArrayList<>();

  private final Thread reader = new Thread(this::readAll, "bound-watch");

  private volatile boolean ended;

  private final AtomicLong reads = new AtomicLong();

  BoundWatch(ShopNode node, Duration bound) {
    this.node = node;
    this.boundNanos = bound.toNanos();
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * From now on the key has this value, and Redis has accepted its invalidation, or the node is cut
   * off: older values may be read for no longer than the bound.
   */
  void changed(long key, int value) {
    changes.put(key, new Change(value, System.nanoTime()));
  }

  private void readAll() {
    while (!ended) {
      for (Map.Entry<Long, Change> each : changes.entrySet()) {
        long now = System.nanoTime();
        Integer value = Objects.requireNonNull(node.read(each.getKey()));
        long age = now - each.getValue().nanos;
        if (value < each.getValue().value && age > boundNanos) {
          violations.add("key " + each.getKey() + " is " + value + " after " + age / 1e9 + " s");
        }
        reads.incrementAndGet();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Ends, and fails if an answer was too old. */
  void assertKept() {
    close();
    assertThat(new ArrayList<>(violations)).isEmpty();
    assertThat(reads).hasPositiveValue();
  }

  @Override
  public void close() {
    ended = true;
    try {
      reader.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private record Change(int value, long nanos) {}
}
