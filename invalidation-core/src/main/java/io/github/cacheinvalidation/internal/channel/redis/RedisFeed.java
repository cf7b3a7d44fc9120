package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The feed over Pub/Sub. It delivers the messages that the publish script appended and published,
 * announcements, and messages that other programs publish on the channel or on additional channels.
 */
final class RedisFeed implements Feed {

  private final Driver driver;
  private final Topics topics;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Runnable onReconnect;
  private final AtomicBoolean subscribedBefore = new AtomicBoolean();
  private final List<RedisSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean closed;

  /**
   * Creates a feed that has no connection yet.
   *
   * @param onReconnect runs when a subscription has a new connection that is not the first
   */
  RedisFeed(
      Driver driver, Topics topics, Duration timeout, LongSupplier nanoTime, Runnable onReconnect) {
    this.driver = driver;
    this.topics = topics;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
    this.onReconnect = onReconnect;
  }

  @Override
  public boolean deliversOnOwnThread() {
    return driver.deliversOnOwnThread();
  }

  @Override
  public synchronized Subscription subscribe(Subscriber subscriber) {
    if (closed) {
      throw new ChannelException("Channel '" + topics.own() + "' is closed", null);
    }
    subscriptions.removeIf(RedisSubscription::isOver);
    RedisSubscription subscription =
        RedisSubscription.start(
            driver,
            topics,
            subscriber,
            ConnectTimeout.patience(timeout),
            new IdleConnectionCheck(timeout, nanoTime),
            this::connected);
    subscriptions.add(subscription);
    return subscription;
  }

  /** Ignores the first connection: it replaces none, so it gives no reason to suspect caches. */
  private void connected() {
    if (subscribedBefore.getAndSet(true)) {
      onReconnect.run();
    }
  }

  /** Checks an idle connection; see {@link RedisSubscription#keepAlive}. */
  void keepAlive() {
    subscriptions.forEach(RedisSubscription::keepAlive);
  }

  synchronized void close() {
    closed = true;
    subscriptions.forEach(RedisSubscription::close);
  }

  /** Waits for the threads that make connections. Call this after {@link #close}. */
  void awaitEnd(Supplier<Duration> left) {
    subscriptions.forEach(subscription -> subscription.awaitEnd(left.get()));
  }

  /** Interrupts the connecting threads. Call this after the driver is closed, so nothing leaks. */
  void abandon() {
    subscriptions.forEach(RedisSubscription::abandon);
  }
}
