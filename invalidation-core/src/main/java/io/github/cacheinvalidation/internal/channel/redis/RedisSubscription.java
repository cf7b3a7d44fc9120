package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
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
 * A subscription over Pub/Sub. Its thread connects, subscribes to the topics, waits for the
 * confirmations and ends. Messages arrive on a thread of the driver.
 */
final class RedisSubscription extends FeedSubscription implements TopicListener {

  private static final Logger logger = LoggerFactory.getLogger(RedisSubscription.class);

  private final Topics topics;
  private final Duration patience;

  /** The topics that the server has not confirmed yet. Guarded by itself. */
  private final Set<String> awaited;

  private final CountDownLatch confirmed = new CountDownLatch(1);
  private final AtomicReference<Driver.@Nullable Attachment> attachment = new AtomicReference<>();

  private RedisSubscription(
      Context context,
      Topics topics,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck) {
    super(context, subscriber, idleCheck, "cache-invalidation-subscribe-");
    this.topics = topics;
    this.patience = patience;
    this.awaited = new HashSet<>();
    topics.channels().forEach(name -> awaited.add("channel " + name));
    topics.patterns().forEach(name -> awaited.add("pattern " + name));
    if (topics.sharded()) {
      awaited.add("shard " + topics.own());
    }
  }

  static RedisSubscription start(
      Driver driver,
      Topics topics,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck,
      Runnable onConnect) {
    RedisSubscription subscription =
        new RedisSubscription(
            new Context(driver, topics.own(), onConnect), topics, subscriber, patience, idleCheck);
    subscription.start();
    return subscription;
  }

  @Override
  void work() throws InterruptedException {
    attachment.set(driver.attach(topics, this, this::lose));
    if (isEnded()) {
      detach();
    } else if (!confirmed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      lose(new ChannelException("Redis did not confirm within " + patience, null));
    }
  }

  @Override
  public void onChannelSubscribed(byte[] name) {
    confirm("channel " + text(name));
  }

  @Override
  public void onPatternSubscribed(byte[] name) {
    confirm("pattern " + text(name));
  }

  @Override
  public void onShardChannelSubscribed(byte[] name) {
    confirm("shard " + text(name));
  }

  private void confirm(String topic) {
    idleCheck.note();
    boolean complete;
    synchronized (awaited) {
      complete = awaited.remove(topic) && awaited.isEmpty();
    }
    if (complete) {
      confirmed.countDown();
      confirm();
    }
  }

  @Override
  public void onMessage(byte[] channelBytes, byte[] message, byte @Nullable [] pattern) {
    String from = text(channelBytes);
    boolean throughPattern = pattern != null && pattern.length > 0;
    if (throughPattern && topics.channels().contains(from)) {
      return; // the channel's own subscription delivers it too
    }
    idleCheck.note();
    boolean unused = deliver(ChainFields.cutOff(message, !from.equals(topics.own())));
  }

  /** Asks an idle server to confirm the subscription. */
  @Override
  void keepAlive() {
    Driver.Attachment current = attachment.get();
    if (isEnded() || current == null || confirmed.getCount() > 0) {
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
      logger.debug("The subscription to '{}' could not be checked", channel, broken);
    }
  }

  @Override
  void detach() {
    confirmed.countDown();
    Driver.Attachment current = attachment.getAndSet(null);
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException brokenAlready) {
        logger.debug("The connection of '{}' did not close cleanly", channel, brokenAlready);
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
