package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The channel over a Redis server.
 *
 * <p>It has at most three connections, all its own: one to publish, one to check and read, one for
 * the subscription. They go where the application's connection factory goes, with its credentials
 * and encryption, but have a short timeout, and closing them touches none of the application's.
 * Each is opened when it is first needed and again after it broke, on a thread of its own: to
 * connect, to log in and to be answered may take five seconds each, or the timeout if that is
 * longer. Publishing waits for that no longer than the timeout, a check five seconds for its first
 * connection. Closing waits some two seconds for a connection that is being made; one that is made
 * later is closed at once.
 *
 * <p>A router may forget a connection that is idle, and tell nobody. So each check also looks
 * whether the other two connections were idle for 15 s, and if so asks the server for a sign of
 * life over them.
 *
 * <p>With Lettuce the three connections have one event loop of their own, on which the subscriber
 * is called; with other clients it is called on a daemon thread of this channel. Safe for use by
 * several threads, as {@link MessageLog} says.
 */
public final class RedisChannel implements Channel {

  /** How long a close waits for connections that are being made, beside the timeout. */
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private final RedisNames name;
  private final Duration timeout;
  private final Driver driver;
  private final RedisFeed feed;
  private final RedisLog log;
  private boolean closed;

  private RedisChannel(
      Driver driver,
      RedisNames name,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    AtomicLong connections = new AtomicLong();
    Topics topics = Topics.of(name.channel(), settings.subscriptions());
    this.driver = driver;
    this.name = name;
    this.timeout = settings.timeout();
    this.feed = new RedisFeed(driver, topics, timeout, nanoTime, connections::incrementAndGet);
    this.log = new RedisLog(driver, name, settings, nonces, nanoTime, connections, feed::keepAlive);
  }

  /**
   * Opens a channel. Connects to nothing, so it succeeds while Redis is down.
   *
   * @param application the application's connection factory, of Lettuce, Jedis, or another client;
   *     it is not closed. Connections of another client are asked for from the factory itself, and
   *     the number of its database is taken to be 0
   * @param settings what this node says about the channel
   * @return the channel, to be closed by the caller
   * @throws IllegalArgumentException if channels cannot work with such a factory
   */
  public static Channel open(RedisConnectionFactory application, RedisChannelSettings settings) {
    return open(
        application,
        settings,
        () -> UUID.randomUUID().toString().replace("-", ""),
        System::nanoTime);
  }

  static Channel open(
      RedisConnectionFactory application,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    DriverSelector.Choice choice = DriverSelector.choose(application, settings);
    RedisNames name = RedisNames.of(settings.channel(), choice.database());
    return new RedisChannel(choice.driver(), name, settings, nonces, nanoTime);
  }

  @Override
  public String name() {
    return name.channel();
  }

  @Override
  public MessageLog log() {
    return log;
  }

  @Override
  public Feed feed() {
    return feed;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    feed.close();
    log.close();
    long deadline = System.nanoTime() + LONGEST_END.plus(timeout).toNanos();
    feed.awaitEnd(() -> until(deadline));
    log.awaitEnd(() -> until(deadline));
    driver.close();
    feed.abandon();
    log.abandon();
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}
