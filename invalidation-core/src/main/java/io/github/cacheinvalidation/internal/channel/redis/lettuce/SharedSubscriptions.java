package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of a channel, which share one connection. Each topic is subscribed by a command
 * of its own, so the server refuses it alone.
 *
 * <p>A subscription that ends may have found that the connection is dead. So no later subscription
 * joins that connection; the others stay on it until they end too, and the last one closes it.
 * Thread-safe.
 */
final class SharedSubscriptions {

  private static final Logger logger = LoggerFactory.getLogger(SharedSubscriptions.class);

  private final Function<Topic, StatefulRedisPubSubConnection<byte[], byte[]>> connector;

  private final AtomicReference<CompletableFuture<Void>> closings =
      new AtomicReference<>(CompletableFuture.completedFuture(null));

  /** The connection that the next topic joins, perhaps not made yet. Guarded by this. */
  private @Nullable CompletableFuture<SharedConnection> current;

  /**
   * Creates subscriptions without a connection.
   *
   * @param connector connects, for the first topic of a connection
   */
  SharedSubscriptions(Function<Topic, StatefulRedisPubSubConnection<byte[], byte[]>> connector) {
    this.connector = connector;
  }

  /** See {@link Driver#attach}. */
  Driver.Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    TopicSubscription subscription = join(topic, listener, lost);
    try {
      subscription.begin();
      return subscription;
    } catch (RuntimeException failure) {
      lost.accept(failure); // before the close, so that the real reason is reported
      subscription.close();
      throw failure;
    }
  }

  /**
   * One caller makes the connection; callers that come meanwhile wait for it, or for its failure.
   */
  private TopicSubscription join(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
    CompletableFuture<SharedConnection> made = new CompletableFuture<>();
    CompletableFuture<SharedConnection> present;
    synchronized (this) {
      if (current == null) {
        current = made;
      }
      present = current;
    }
    if (present == made) {
      connect(made, topic);
    }
    SharedConnection connection = awaited(present);
    if (connection.enter()) {
      return new TopicSubscription(connection, topic, listener, lost);
    }
    forget(present);
    return join(topic, listener, lost);
  }

  private void connect(CompletableFuture<SharedConnection> made, Topic topic) {
    try {
      made.complete(new SharedConnection(connector.apply(topic), () -> forget(made), this::close));
    } catch (RuntimeException | Error failure) {
      forget(made);
      made.completeExceptionally(failure);
      throw failure;
    }
  }

  private static SharedConnection awaited(CompletableFuture<SharedConnection> present) {
    try {
      return present.join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause();
      throw cause instanceof RuntimeException known
          ? known
          : new ChannelException("the connection could not be made", cause);
    }
  }

  private synchronized void forget(CompletableFuture<SharedConnection> connection) {
    if (current == connection) {
      current = null;
    }
  }

  private void close(StatefulRedisPubSubConnection<?, ?> wire) {
    CompletableFuture<Void> closing =
        wire.closeAsync()
            .exceptionally(
                failure -> {
                  logger.debug("A subscription did not close cleanly", failure);
                  return null;
                });
    closings.accumulateAndGet(closing, CompletableFuture::allOf);
  }

  /** Waits, because the client logs a warning for a connection that is already closing. */
  void awaitClosings(Duration limit) {
    try {
      Objects.requireNonNull(closings.get()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException notInOrder) {
      logger.debug("Not all subscriptions closed cleanly", notInOrder);
    }
  }
}
