package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/**
 * A hand-written implementation with Lettuce and Caffeine: many keys in one message, as text
 * separated by commas, and several messages in flight. Messages are not verified, stored, or sent
 * again. Each node has a client of its own, and caches that are maintained by the calling thread.
 * The writer also invalidates its own cache.
 */
final class RawFleet implements Fleet {

  static final int BATCH = 256;

  private static final int MESSAGES_UNDER_WAY = 64;

  private final RawWire wire;
  private final boolean numbers;
  private final Cache<Object, Object> own = Fleet.selfMaintained();
  private final List<Cache<Object, Object>> caches = new ArrayList<>();

  /** Creates a fleet over Pub/Sub. */
  RawFleet(Server server, int receivers, boolean numbers) {
    this(Transport.PUBSUB.raw(server), receivers, numbers);
  }

  /**
   * Creates a fleet.
   *
   * @param wire has no receivers; closed with this fleet
   * @param numbers whether keys are longs; otherwise they are texts without commas
   */
  RawFleet(RawWire wire, int receivers, boolean numbers) {
    this.wire = wire;
    this.numbers = numbers;
    for (int i = 0; i < receivers; i++) {
      Cache<Object, Object> cache = Fleet.selfMaintained();
      wire.receive(message -> apply(message, cache));
      caches.add(cache);
    }
  }

  private void apply(byte[] message, Cache<Object, Object> cache) {
    int begin = 0;
    while (begin < message.length) {
      int end = begin;
      while (end < message.length && message[end] != ',') {
        end++;
      }
      cache.invalidate(numbers ? number(message, begin, end) : text(message, begin, end));
      begin = end + 1;
    }
  }

  private static Object number(byte[] message, int begin, int end) {
    long value = 0;
    for (int i = begin; i < end; i++) {
      value = value * 10 + (message[i] - '0');
    }
    return value;
  }

  private static Object text(byte[] message, int begin, int end) {
    return new String(message, begin, end - begin, StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return "raw batches";
  }

  @Override
  public void fill(List<Object> keys) {
    caches.forEach(cache -> keys.forEach(key -> cache.put(key, VALUE)));
    caches.forEach(Cache::cleanUp);
  }

  @Override
  public void invalidate(List<Object> keys) {
    Deque<Future<?>> underWay = new ArrayDeque<>();
    StringBuilder message = new StringBuilder(BATCH * 20);
    int count = 0;
    for (Object key : keys) {
      own.invalidate(key);
      if (count > 0) {
        message.append(',');
      }
      message.append(key);
      if (++count == BATCH) {
        publish(message, underWay);
        count = 0;
      }
    }
    if (count > 0) {
      publish(message, underWay);
    }
    underWay.forEach(RawFleet::await);
  }

  private void publish(StringBuilder message, Deque<Future<?>> underWay) {
    if (underWay.size() == MESSAGES_UNDER_WAY) {
      await(underWay.remove());
    }
    byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
    underWay.add(wire.send(body));
    message.setLength(0);
  }

  private static void await(Future<?> sent) {
    try {
      sent.get(5, TimeUnit.SECONDS);
    } catch (ExecutionException refused) {
      throw new VoidRunException("Redis refused a message: " + refused.getCause());
    } catch (TimeoutException late) {
      throw new VoidRunException("Redis did not answer");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    }
  }

  @Override
  public LongStream held() {
    return caches.stream().mapToLong(Cache::estimatedSize);
  }

  /** Redis may have dropped messages of a subscriber that fell too far behind. */
  @Override
  public boolean startOver() {
    requireValid();
    caches.forEach(Cache::invalidateAll);
    return true;
  }

  @Override
  public void requireValid() {
    wire.requireValid();
  }

  @Override
  public void close() {
    wire.close();
  }
}
