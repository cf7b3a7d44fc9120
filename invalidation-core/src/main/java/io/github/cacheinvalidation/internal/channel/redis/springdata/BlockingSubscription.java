package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * A subscription over a client that reads messages on the subscribing thread, which is a daemon
 * thread of this class. While that thread reads, only it may close the connection; other threads
 * can only stop the reading. This class also works with a client whose {@code subscribe} returns at
 * once and which delivers on its own threads. The end of such a connection is not noticed here.
 */
final class BlockingSubscription
    implements Driver.Attachment, MessageListener, SubscriptionListener, Runnable {

  private static final Logger logger = LoggerFactory.getLogger(BlockingSubscription.class);

  private final RedisConnection connection;
  private final Topic topic;
  private final TopicListener target;
  private final Consumer<Throwable> lost;
  private final Runnable stop;
  private final Runnable release;
  private final AtomicBoolean released = new AtomicBoolean();
  private final Thread reader;
  private boolean canBeAsked;
  private volatile boolean reading = true;
  private volatile boolean closed;

  /**
   * Creates a subscription whose thread is not started.
   *
   * @param stop makes the reading end; called on any thread
   * @param release closes the connection; called once, when no thread reads from it any more
   */
  BlockingSubscription(
      RedisConnection connection,
      Topic topic,
      TopicListener target,
      Consumer<Throwable> lost,
      Runnable stop,
      Runnable release) {
    this.connection = connection;
    this.topic = topic;
    this.target = target;
    this.lost = lost;
    this.stop = stop;
    this.release = release;
    this.reader = new Thread(this, "cache-invalidation-receive-" + topic.name());
    this.reader.setDaemon(true);
  }

  /** For a client whose reading can only be stopped by unsubscribing. */
  BlockingSubscription(
      RedisConnection connection, Topic topic, TopicListener target, Consumer<Throwable> lost) {
    this(connection, topic, target, lost, () -> unsubscribe(connection), connection::close);
  }

  /** Declares that with this client, another thread may repeat the subscription without effect. */
  BlockingSubscription canBeAsked() {
    canBeAsked = true;
    return this;
  }

  BlockingSubscription started() {
    reader.start();
    return this;
  }

  @Override
  public void run() {
    try {
      if (!closed) { // a client stopped before subscribing would reconnect
        subscribe();
      }
      if (connection.isSubscribed()) {
        reading = false; // the client delivers on its own threads
        if (!closed) {
          return;
        }
      }
      lost.accept(new ChannelException("the connection has ended", null));
    } catch (RuntimeException | Error failure) { // a message can use up the memory
      lost.accept(failure);
    }
    reading = false;
    releaseOnce();
  }

  private void subscribe() {
    if (topic.pattern()) {
      connection.pSubscribe(this, topic.bytes());
    } else {
      connection.subscribe(this, topic.bytes());
    }
  }

  @Override
  public void onChannelSubscribed(byte[] channel, long count) {
    if (closed && Thread.currentThread() == reader) {
      unsubscribe(connection);
    } else {
      target.onSubscribed();
    }
  }

  private static void unsubscribe(RedisConnection connection) {
    Subscription subscription = connection.getSubscription();
    if (subscription != null && subscription.isAlive()) {
      subscription.unsubscribe();
      subscription.pUnsubscribe();
    }
  }

  @Override
  public void onPatternSubscribed(byte[] pattern, long count) {
    onChannelSubscribed(pattern, count);
  }

  @Override
  public void onMessage(Message message, byte @Nullable [] pattern) {
    target.onMessage(message.getChannel(), message.getBody());
  }

  @Override
  public boolean tryAskForConfirmation() {
    Subscription subscription = canBeAsked ? connection.getSubscription() : null;
    if (subscription == null || !subscription.isAlive()) {
      return false;
    }
    if (topic.pattern()) {
      subscription.pSubscribe(topic.bytes());
    } else {
      subscription.subscribe(topic.bytes());
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    if (reading) {
      stopReading();
    } else {
      releaseOnce();
    }
  }

  private void stopReading() {
    try {
      stop.run();
    } catch (RuntimeException brokenAlready) {
      logger.debug("The subscription to '{}' did not stop cleanly", topic.name(), brokenAlready);
    }
  }

  private void releaseOnce() {
    if (released.compareAndSet(false, true)) {
      try {
        release.run();
      } catch (RuntimeException brokenAlready) {
        logger.debug("A connection of '{}' did not close cleanly", topic.name(), brokenAlready);
      }
    }
  }
}
