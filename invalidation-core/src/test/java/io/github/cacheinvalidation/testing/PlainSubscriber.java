package io.github.cacheinvalidation.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Another program that subscribes to one channel, with a client of its own. */
public final class PlainSubscriber implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Jedis connection;
  private final Thread thread;
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private final List<String> messages = new CopyOnWriteArrayList<>();

  /** Subscribes, and returns when Redis has confirmed it. */
  public PlainSubscriber(TestRedis redis, String channel) {
    this(redis, channel, message -> {});
  }

  /**
   * Subscribes, and returns when Redis has confirmed it.
   *
   * @param action is done with each message
   */
  public PlainSubscriber(TestRedis redis, String channel, Consumer<String> action) {
    connection = new Jedis(redis.host(), redis.port());
    JedisPubSub listener =
        new JedisPubSub() {
          @Override
          public void onSubscribe(String topic, int count) {
            subscribed.countDown();
          }

          @Override
          public void onMessage(String topic, String message) {
            action.accept(message);
            messages.add(message);
          }
        };
    thread = new Thread(() -> listen(listener, channel), "plain-subscriber");
    thread.setDaemon(true);
    thread.start();
    try {
      if (!subscribed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("not subscribed to " + channel);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void listen(JedisPubSub listener, String channel) {
    try {
      connection.subscribe(listener, channel);
    } catch (JedisConnectionException ended) {
      // closed here, or the server has stopped
    }
  }

  /** Returns the messages that came so far. */
  public List<String> messages() {
    return messages;
  }

  /** Waits for a message, and returns all that came until then. */
  public List<String> awaitMessage(String message) {
    Awaitility.await().atMost(PATIENCE).until(() -> messages.contains(message));
    return List.copyOf(messages);
  }

  @Override
  public void close() {
    connection.disconnect();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
