package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import io.github.cacheinvalidation.internal.channel.redis.script.LogTail;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The feed over Redis. Over Pub/Sub it delivers the messages that the publish script appended and
 * published, announcements, and messages that other programs publish on the channel or on
 * additional channels. Over the stream it delivers the entries of the log.
 */
final class RedisFeed implements Feed {

  /** Starts one subscription. */
  @FunctionalInterface
  interface Starter {

    /**
     * Starts a subscription and returns at once.
     *
     * @param onConnect runs when the subscription works, before the subscriber is told
     */
    FeedSubscription start(
        Subscriber subscriber, IdleConnectionCheck idleCheck, Runnable onConnect);
  }

  private final String channel;
  private final Starter starter;
  private final boolean onOwnThread;
  private final Supplier<IdleConnectionCheck> idleChecks;
  private final Runnable onReconnect;
  private final AtomicBoolean subscribedBefore = new AtomicBoolean();
  private final List<FeedSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean closed;

  /**
   * Creates a feed that has no connection yet.
   *
   * @param onReconnect runs when a subscription has a new connection that is not the first
   */
  private RedisFeed(
      String channel,
      Starter starter,
      boolean onOwnThread,
      Supplier<IdleConnectionCheck> idleChecks,
      Runnable onReconnect) {
    this.channel = channel;
    this.starter = starter;
    this.onOwnThread = onOwnThread;
    this.idleChecks = idleChecks;
    this.onReconnect = onReconnect;
  }

  /** Creates the feed that the settings choose. It has no connection yet. */
  static RedisFeed of(
      Driver driver,
      RedisNames name,
      RedisChannelSettings settings,
      LongSupplier nanoTime,
      Runnable onReconnect) {
    Duration timeout = settings.timeout();
    boolean stream = settings.feed() == FeedKind.STREAM;
    return new RedisFeed(
        name.channel(),
        stream ? overStream(driver, name) : overPubSub(driver, name, settings),
        stream || driver.deliversOnOwnThread(),
        () -> new IdleConnectionCheck(timeout, nanoTime),
        onReconnect);
  }

  private static Starter overPubSub(Driver driver, RedisNames name, RedisChannelSettings settings) {
    Topics plain = Topics.of(name.channel(), settings.subscriptions());
    Topics topics = settings.feed() == FeedKind.SHARDED_PUBSUB ? plain.withShardChannel() : plain;
    Duration patience = ConnectTimeout.patience(settings.timeout());
    return (subscriber, idleCheck, onConnect) ->
        RedisSubscription.start(driver, topics, subscriber, patience, idleCheck, onConnect);
  }

  private static Starter overStream(Driver driver, RedisNames name) {
    LogTail tail = new LogTail(name);
    return (subscriber, idleCheck, onConnect) ->
        StreamSubscription.start(driver, name.channel(), tail, subscriber, idleCheck, onConnect);
  }

  @Override
  public boolean deliversOnOwnThread() {
    return onOwnThread;
  }

  @Override
  public synchronized Subscription subscribe(Subscriber subscriber) {
    if (closed) {
      throw new ChannelException("Channel '" + channel + "' is closed", null);
    }
    subscriptions.removeIf(FeedSubscription::isOver);
    FeedSubscription subscription = starter.start(subscriber, idleChecks.get(), this::connected);
    subscriptions.add(subscription);
    return subscription;
  }

  /** Ignores the first connection: it replaces none, so it gives no reason to suspect caches. */
  private void connected() {
    if (subscribedBefore.getAndSet(true)) {
      onReconnect.run();
    }
  }

  /** Checks an idle connection; see {@link FeedSubscription#keepAlive}. */
  void keepAlive() {
    subscriptions.forEach(FeedSubscription::keepAlive);
  }

  synchronized void close() {
    closed = true;
    subscriptions.forEach(FeedSubscription::close);
  }

  /** Waits for the threads that make connections. Call this after {@link #close}. */
  void awaitEnd(Supplier<Duration> left) {
    subscriptions.forEach(subscription -> subscription.awaitEnd(left.get()));
  }

  /** Interrupts the connecting threads. Call this after the driver is closed, so nothing leaks. */
  void abandon() {
    subscriptions.forEach(FeedSubscription::abandon);
  }
}
