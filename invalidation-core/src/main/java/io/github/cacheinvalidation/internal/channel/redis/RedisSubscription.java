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
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topics;
import io.github.cacheinvalidation.internal.message.ChainFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription over one connection. A daemon thread connects, subscribes to the topics, waits for
 * the confirmations and ends. Messages arrive on a thread of the driver. Calls to the subscriber
 * happen under one lock. Closing takes no lock, so it never waits.
 */
final class RedisSubscription implements Subscription, TopicListener {

  private static final Logger logger = LoggerFactory.getLogger(RedisSubscription.class);

  private final Driver driver;
  private final Topics topics;
  private final Subscriber subscriber;
  private final Duration patience;
  private final IdleConnectionCheck idleCheck;
  private final Runnable onConnect;
  private final Object calls = new Object();
  private final Set<String> awaited;
  private final CountDownLatch confirmed = new CountDownLatch(1);
  private final AtomicReference<Driver.@Nullable Attachment> attachment = new AtomicReference<>();
  private final Thread starter;
  private volatile boolean ended;

  private RedisSubscription(
      Driver driver,
      Topics topics,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck,
      Runnable onConnect) {
    this.driver = driver;
    this.topics = topics;
    this.subscriber = subscriber;
    this.patience = patience;
    this.idleCheck = idleCheck;
    this.onConnect = onConnect;
    this.awaited = new HashSet<>();
    topics.channels().forEach(channel -> awaited.add("channel " + channel));
    topics.patterns().forEach(pattern -> awaited.add("pattern " + pattern));
    this.starter = new Thread(this::connect, "cache-invalidation-subscribe-" + topics.own());
    this.starter.setDaemon(true);
  }

  static RedisSubscription start(
      Driver driver,
      Topics topics,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck,
      Runnable onConnect) {
    RedisSubscription subscription =
        new RedisSubscription(driver, topics, subscriber, patience, idleCheck, onConnect);
    subscription.starter.start();
    return subscription;
  }

  private void connect() {
    try {
      attachment.set(driver.attach(topics, this, this::lose));
      if (ended) {
        detach();
      } else if (!confirmed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        lose(new ChannelException("Redis did not confirm within " + patience, null));
      }
    } catch (InterruptedException interrupted) {
      lose(interrupted);
    } catch (RuntimeException | Error failure) {
      lose(failure);
    }
  }

  @Override
  public void onChannelSubscribed(byte[] channel) {
    confirm("channel " + text(channel));
  }

  @Override
  public void onPatternSubscribed(byte[] pattern) {
    confirm("pattern " + text(pattern));
  }

  private void confirm(String topic) {
    idleCheck.note();
    synchronized (calls) {
      if (!ended && awaited.remove(topic) && awaited.isEmpty()) {
        confirmed.countDown();
        onConnect.run(); // first, so that a later check sees the new connection
        subscriber.subscribed();
      }
    }
  }

  @Override
  public void onMessage(byte[] channelBytes, byte[] message, byte @Nullable [] pattern) {
    String channel = text(channelBytes);
    boolean throughPattern = pattern != null && pattern.length > 0;
    if (throughPattern && topics.channels().contains(channel)) {
      return; // the channel's own subscription delivers it too
    }
    idleCheck.note();
    synchronized (calls) {
      if (!ended) {
        subscriber.received(ChainFields.cutOff(message, !channel.equals(topics.own())));
      }
    }
  }

  /**
   * Asks an idle server to confirm the subscription, and ends the subscription if no answer comes.
   * Called regularly by one thread.
   */
  void keepAlive() {
    Driver.Attachment current = attachment.get();
    if (ended || current == null || confirmed.getCount() > 0) {
      return;
    }
    switch (idleCheck.look()) {
      case IDLE -> ask(current);
      case DEAD -> lose(new ConnectionLostException("its idle connection does not answer", null));
      case ALIVE -> {}
    }
  }

  /** A failed request needs no handling: no answer comes, and the next idle check notices that. */
  private void ask(Driver.Attachment current) {
    try {
      if (!current.tryAskForConfirmation()) {
        idleCheck.note(); // a connection that cannot be asked counts as alive
      }
    } catch (RuntimeException broken) {
      logger.debug("The subscription to '{}' could not be checked", topics.own(), broken);
    }
  }

  private void lose(Throwable cause) {
    synchronized (calls) {
      if (ended) {
        return;
      }
      ended = true;
      subscriber.lost(described(cause));
    }
    confirmed.countDown();
    detach();
  }

  private ChannelException described(Throwable cause) {
    String topic = "The subscription to channel '" + topics.own() + "' ";
    String answer = driver.answerIn(cause);
    if (answer == null) {
      String message =
          topic + "is lost: " + FailureReason.ofNoConnection(cause, driver, topics.own());
      return cause instanceof ConnectionLostException
          ? new ConnectionLostException(message, cause)
          : new ChannelException(message, cause);
    }
    return new RefusedException(
        topic + "was refused by Redis: " + ServerErrorKind.explained(answer, topics.own()), cause);
  }

  @Override
  public void close() {
    ended = true;
    confirmed.countDown();
    detach(); // a thread that still connects checks 'ended'; an interrupt would leak its connection
  }

  /**
   * Waits until the connecting thread has ended. Call this after {@link #close} and before the
   * client is shut down: after a shutdown that thread can wait forever.
   */
  void awaitEnd(Duration limit) {
    try {
      starter.join(limit.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts the connecting thread. Call this after the driver is closed, so nothing leaks. */
  void abandon() {
    starter.interrupt();
  }

  /** Returns whether the subscription and its connecting thread have ended. */
  boolean isOver() {
    return ended && !starter.isAlive();
  }

  private void detach() {
    Driver.Attachment current = attachment.getAndSet(null);
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException brokenAlready) {
        logger.debug("The connection of '{}' did not close cleanly", topics.own(), brokenAlready);
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
