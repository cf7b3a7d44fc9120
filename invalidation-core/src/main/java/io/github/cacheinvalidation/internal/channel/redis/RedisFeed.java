package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.script.LogTail;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The feed of one topic over Redis. Over Pub/Sub, the feed of a channel delivers the messages that
 * the publish script appended and published, announcements, and messages of other programs; the
 * feed of a pattern delivers messages without a position. Over the stream, the feed delivers the
 * entries of the log.
 */
final class RedisFeed implements Feed {

  /** Starts one subscription. */
  @FunctionalInterface
  interface Starter {

    /** Starts a subscription and returns at once. */
    FeedSubscription start(
        FeedSubscription.Context context, Subscriber subscriber, IdleConnectionCheck idleCheck);
  }

  private final FeedSubscription.Context context;
  private final Starter starter;
  private final boolean onOwnThread;
  private final Supplier<IdleConnectionCheck> idleChecks;
  private final Runnable onReconnect;
  private final AtomicBoolean subscribedBefore = new AtomicBoolean();
  private final List<FeedSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean closed;

  private RedisFeed(
      Driver driver,
      Topic topic,
      Starter starter,
      boolean onOwnThread,
      Supplier<IdleConnectionCheck> idleChecks,
      Runnable onReconnect) {
    this.context = new FeedSubscription.Context(driver, topic, this::connected);
    this.starter = starter;
    this.onOwnThread = onOwnThread;
    this.idleChecks = idleChecks;
    this.onReconnect = onReconnect;
  }

  /**
   * Creates a feed over Pub/Sub that has no connection yet.
   *
   * @param heard the topics of the node, this one included
   * @param onReconnect runs when a subscription has a new connection that is not the first
   */
  static RedisFeed overPubSub(
      Driver driver,
      Topic topic,
      HeardTopics heard,
      Duration timeout,
      Supplier<IdleConnectionCheck> idleChecks,
      Runnable onReconnect) {
    Duration patience = ConnectTimeout.patience(timeout);
    return new RedisFeed(
        driver,
        topic,
        (context, subscriber, idleCheck) ->
            RedisSubscription.start(context, heard, subscriber, patience, idleCheck),
        driver.deliversOnOwnThread(),
        idleChecks,
        onReconnect);
  }

  /**
   * Creates a feed that reads the log and has no connection yet.
   *
   * @param onReconnect runs when a subscription has a new connection that is not the first
   */
  static RedisFeed overStream(
      Driver driver,
      RedisNames name,
      Supplier<IdleConnectionCheck> idleChecks,
      Runnable onReconnect) {
    LogTail tail = new LogTail(name);
    return new RedisFeed(
        driver,
        Topic.channel(name.channel()),
        (context, subscriber, idleCheck) ->
            StreamSubscription.start(context, tail, subscriber, idleCheck),
        true,
        idleChecks,
        onReconnect);
  }

  @Override
  public boolean deliversOnOwnThread() {
    return onOwnThread;
  }

  @Override
  public synchronized Subscription subscribe(Subscriber subscriber) {
    if (closed) {
      throw new ChannelException("Channel '" + context.topic().name() + "' is closed", null);
    }
    subscriptions.removeIf(FeedSubscription::isOver);
    FeedSubscription subscription = starter.start(context, subscriber, idleChecks.get());
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
