package io.github.cacheinvalidation.internal.channel.local;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.message.Delivery;
import java.util.List;

/** Delivers the entries of a log to one subscriber, on a thread of its own. */
final class LocalSubscription implements Subscription, Runnable {

  private final String channelName;
  private final LocalLog log;
  private final Subscriber subscriber;
  private final Thread thread;
  private long last;
  private volatile boolean closed;

  private LocalSubscription(String channelName, LocalLog log, Subscriber subscriber) {
    this.channelName = channelName;
    this.log = log;
    this.subscriber = subscriber;
    this.last = log.lastNumber();
    this.thread = new Thread(this, "cache-invalidation-local-" + channelName);
    this.thread.setDaemon(true);
  }

  static LocalSubscription start(String channelName, LocalLog log, Subscriber subscriber) {
    LocalSubscription subscription = new LocalSubscription(channelName, log, subscriber);
    subscription.thread.start();
    return subscription;
  }

  @Override
  public void run() {
    try {
      if (!closed) {
        subscriber.subscribed();
      }
      while (!closed) {
        deliver(log.awaitAfter(last));
      }
    } catch (InterruptedException interrupted) {
      end(interrupted);
    } catch (RuntimeException failure) {
      end(failure);
    }
  }

  private void deliver(List<LocalLog.Item> items) {
    if (items.get(0).number() != last + 1) {
      throw new ChannelException(
          "A subscriber of channel '" + channelName + "' was too slow: entries were dropped", null);
    }
    for (LocalLog.Item item : items) {
      if (closed) {
        return;
      }
      last = item.number();
      if (item.announced()) {
        subscriber.received(
            new Delivery(
                item.entry().position(), item.predecessor(), null, item.entry().body(), false));
      }
    }
  }

  private void end(Exception cause) {
    if (!closed) {
      closed = true;
      subscriber.lost(cause);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
