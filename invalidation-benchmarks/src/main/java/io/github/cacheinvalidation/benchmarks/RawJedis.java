package io.github.cacheinvalidation.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;

/**
 * Pub/Sub over Jedis. Sending waits for Redis, and a thread of each receiver waits for bodies. One
 * thread at a time sends.
 */
final class RawJedis implements RawWire {

  private static final long PATIENCE_SECONDS = 5;

  private final byte[] channel = (PREFIX + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  private final Server server;
  private final Jedis publisher;
  private final List<Receiver> receivers = new ArrayList<>();
  private final AtomicReference<@Nullable String> spoiled = new AtomicReference<>();
  private volatile boolean closed;

  RawJedis(Server server) {
    this.server = server;
    this.publisher = server.jedis();
  }

  @Override
  public Future<?> send(byte[] body) {
    return CompletableFuture.completedFuture(publisher.publish(channel, body));
  }

  @Override
  public void receive(Consumer<byte[]> target) {
    Receiver receiver = new Receiver(target);
    receivers.add(receiver);
    receiver.start();
  }

  private final class Receiver extends BinaryJedisPubSub {

    private final Consumer<byte[]> target;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Jedis connection = server.jedis();
    private final Thread thread = new Thread(this::listen, PREFIX + "subscriber");

    Receiver(Consumer<byte[]> target) {
      this.target = target;
    }

    void start() {
      thread.setDaemon(true);
      thread.start();
      try {
        if (!subscribed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new VoidRunException("a subscription was not confirmed");
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new VoidRunException("interrupted");
      }
    }

    private void listen() {
      try {
        connection.subscribe(this, channel);
      } catch (RuntimeException failure) {
        if (!closed) {
          spoiled.set("a subscriber failed: " + failure.getMessage());
        }
      }
    }

    @Override
    public void onSubscribe(byte[] to, int count) {
      subscribed.countDown();
    }

    @Override
    public void onMessage(byte[] from, byte[] body) {
      target.accept(body);
    }

    void end() {
      connection.disconnect();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void requireValid() {
    String reason = closed ? "the connections are closed" : spoiled.get();
    if (reason != null) {
      throw new VoidRunException(reason);
    }
  }

  @Override
  public void close() {
    closed = true;
    publisher.close();
    receivers.forEach(Receiver::end);
  }
}
