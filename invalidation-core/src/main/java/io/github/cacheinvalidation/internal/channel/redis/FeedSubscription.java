package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FailureReason;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.message.Delivery;
import java.time.Duration;

/**
 * A subscription over one connection, which a daemon thread of its own makes. Calls to the
 * subscriber happen under one lock. Closing takes no lock, so it never waits.
 */
abstract class FeedSubscription implements Subscription {

  /**
   * What all subscriptions of a feed share.
   *
   * @param driver makes the connection
   * @param topic what the feed delivers
   * @param onConnect runs when a subscription works, before its subscriber is told
   */
  record Context(Driver driver, Topic topic, Runnable onConnect) {}

  final Driver driver;
  final Topic topic;
  final Subscriber subscriber;
  final IdleConnectionCheck idleCheck;
  private final Runnable onConnect;
  private final Object calls = new Object();
  private final Thread thread;
  private volatile boolean ended;

  /**
   * Creates a subscription that is not started.
   *
   * @param threadName the name of the thread, without the channel
   */
  FeedSubscription(
      Context context, Subscriber subscriber, IdleConnectionCheck idleCheck, String threadName) {
    this.driver = context.driver();
    this.topic = context.topic();
    this.onConnect = context.onConnect();
    this.subscriber = subscriber;
    this.idleCheck = idleCheck;
    this.thread = new Thread(this::run, threadName + topic.name());
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      work();
    } catch (InterruptedException interrupted) {
      lose(interrupted);
    } catch (RuntimeException | Error failure) {
      lose(failure);
    }
  }

  /** Connects and subscribes, on the thread. A failure ends the subscription. */
  abstract void work() throws InterruptedException;

  /** Closes the connection without waiting for the server. */
  abstract void detach();

  /**
   * Ends the subscription if its connection was idle and does not answer. Called regularly by one
   * thread.
   */
  abstract void keepAlive();

  /** Tells the subscriber, once, that it hears all messages from now on. */
  final void confirm() {
    synchronized (calls) {
      if (!ended) {
        begun();
        onConnect.run(); // first, so that a later check sees the new connection
        subscriber.subscribed();
      }
    }
  }

  /** The subscription hears messages from now on; called before the subscriber is notified. */
  void begun() {}

  /** The subscription hears no messages any more. Called twice if it is also closed. */
  void over() {}

  /** Returns false if the subscription has ended, so that the subscriber does not get it. */
  final boolean deliver(Delivery delivery) {
    synchronized (calls) {
      if (ended) {
        return false;
      }
      subscriber.received(delivery);
      return true;
    }
  }

  final void lose(Throwable cause) {
    synchronized (calls) {
      if (ended) {
        return;
      }
      ended = true;
      over();
      subscriber.lost(described(cause));
    }
    detach();
  }

  private ChannelException described(Throwable cause) {
    String what =
        "The subscription to "
            + (topic.pattern() ? "pattern" : "channel")
            + " '"
            + topic.name()
            + "' ";
    String answer = driver.answerIn(cause);
    if (answer == null) {
      String message =
          what + "is lost: " + FailureReason.ofNoConnection(cause, driver, topic.name());
      return cause instanceof ConnectionLostException
          ? new ConnectionLostException(message, cause)
          : new ChannelException(message, cause);
    }
    return new RefusedException(
        what + "was refused by Redis: " + ServerErrorKind.explained(answer, topic), cause);
  }

  /**
   * Does not interrupt the thread, because an interrupted attempt to connect could leak its
   * connection. A thread that still connects sees afterwards that the subscription has ended.
   */
  @Override
  public void close() {
    ended = true;
    over();
    detach();
  }

  final boolean isEnded() {
    return ended;
  }

  /**
   * Waits until the thread has ended. Call this after {@link #close} and before the client is shut
   * down: after a shutdown that thread can wait forever.
   */
  final void awaitEnd(Duration limit) {
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts the thread. Safe only once the driver is closed: nothing can leak. */
  final void abandon() {
    thread.interrupt();
  }

  /** Returns whether the subscription and its thread have ended. */
  final boolean isOver() {
    return ended && !thread.isAlive();
  }
}
