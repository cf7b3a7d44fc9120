package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.internal.message.ChainFields;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription to one topic over Pub/Sub. Its thread connects, subscribes, waits for the
 * confirmation and ends. Messages arrive on a thread of the driver.
 */
final class RedisSubscription extends FeedSubscription implements TopicListener {

  private static final Logger logger = LoggerFactory.getLogger(RedisSubscription.class);

  private final HeardTopics heard;
  private final Duration patience;
  private final CountDownLatch confirmed = new CountDownLatch(1);
  private final AtomicReference<Driver.@Nullable Attachment> attachment = new AtomicReference<>();

  private RedisSubscription(
      Context context,
      HeardTopics heard,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck) {
    super(context, subscriber, idleCheck, "cache-invalidation-subscribe-");
    this.heard = heard;
    this.patience = patience;
  }

  static RedisSubscription start(
      Context context,
      HeardTopics heard,
      Subscriber subscriber,
      Duration patience,
      IdleConnectionCheck idleCheck) {
    RedisSubscription subscription =
        new RedisSubscription(context, heard, subscriber, patience, idleCheck);
    subscription.start();
    return subscription;
  }

  @Override
  void work() throws InterruptedException {
    attachment.set(driver.attach(topic, this, this::lose));
    if (isEnded()) {
      detach();
    } else if (!confirmed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      lose(new ChannelException("Redis did not confirm within " + patience, null));
    }
  }

  @Override
  public void onSubscribed() {
    idleCheck.note();
    synchronized (confirmed) {
      if (confirmed.getCount() == 0) {
        return;
      }
      confirmed.countDown();
    }
    confirm();
  }

  @Override
  void begun() {
    heard.subscribed(topic);
    if (isEnded()) {
      heard.lost(topic); // a close takes no lock, so it may have come first
    }
  }

  @Override
  void over() {
    heard.lost(topic);
  }

  @Override
  public void onMessage(byte[] channel, byte[] message) {
    idleCheck.note();
    if (!heard.isHeardBefore(topic, channel)) {
      boolean unused = deliver(ChainFields.cutOff(message, topic.pattern()));
    }
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
      logger.debug("The subscription to '{}' could not be checked", topic.name(), broken);
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
        logger.debug("The connection of '{}' did not close cleanly", topic.name(), brokenAlready);
      }
    }
  }
}
