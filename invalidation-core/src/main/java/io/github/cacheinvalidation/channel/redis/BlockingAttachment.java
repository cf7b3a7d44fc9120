package io.github.cacheinvalidation.channel.redis;

import io.github.cacheinvalidation.channel.ChannelException;
import java.util.function.Consumer;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.RedisConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Subscription;

/**
 * A subscription over a client that reads messages on the thread that subscribed: a daemon thread of
 * our own. Works as well with a client that returns at once and calls on threads of its own; the end
 * of such a connection is not noticed here.
 */
final class BlockingAttachment implements Driver.Attachment, TopicListener, Runnable {

  private final RedisConnection connection;
  private final Topics topics;
  private final TopicListener target;
  private final Consumer<Throwable> lost;
  private final Runnable disconnect;
  private volatile @Nullable Thread reader;
  private boolean patternsAsked;

  private BlockingAttachment(
      RedisConnection connection,
      Topics topics,
      TopicListener target,
      Consumer<Throwable> lost,
      Runnable disconnect) {
    this.connection = connection;
    this.topics = topics;
    this.target = target;
    this.lost = lost;
    this.disconnect = disconnect;
  }

  /**
   * Starts the thread.
   *
   * @param disconnect closes the connection, called by any thread, perhaps more than once
   */
  static Driver.Attachment start(
      RedisConnection connection,
      Topics topics,
      TopicListener target,
      Consumer<Throwable> lost,
      Runnable disconnect) {
    BlockingAttachment attachment =
        new BlockingAttachment(connection, topics, target, lost, disconnect);
    Thread thread = new Thread(attachment, "cache-invalidation-receive-" + topics.own());
    thread.setDaemon(true);
    thread.start();
    return attachment;
  }

  @Override
  public void run() {
    reader = Thread.currentThread();
    try {
      connection.subscribe(this, topics.channelBytes());
      if (!connection.isSubscribed()) {
        end(new ChannelException("the connection has ended", null));
      } else {
        askForPatterns(); // a client that calls on threads of its own
      }
    } catch (RuntimeException failure) {
      end(failure);
    }
  }

  private void end(RuntimeException cause) {
    lost.accept(cause);
    disconnect.run();
  }

  @Override
  public void onChannelSubscribed(byte[] channel, long count) {
    if (Thread.currentThread() == reader) {
      askForPatterns();
    }
    target.onChannelSubscribed(channel, count);
  }

  private void askForPatterns() {
    Subscription subscription = connection.getSubscription();
    if (!patternsAsked && subscription != null && !topics.patterns().isEmpty()) {
      patternsAsked = true;
      subscription.pSubscribe(topics.patternBytes());
    }
  }

  @Override
  public void onPatternSubscribed(byte[] pattern, long count) {
    target.onPatternSubscribed(pattern, count);
  }

  @Override
  public void onMessage(Message message, byte @Nullable [] pattern) {
    target.onMessage(message, pattern);
  }

  @Override
  public void close() {
    disconnect.run();
  }
}
