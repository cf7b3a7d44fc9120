package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the receiver's requests to the channel and puts the answers into the queue. Checks and
 * readings block, so they run on a thread of this class; subscribing runs on the caller's thread.
 */
final class ChannelWorker implements ChannelRequests, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChannelWorker.class);

  private static final int PAGE_SIZE = 256;

  private static final int SMALLEST_PAGE_SIZE = 2;

  private static final int SMALLER = 16;

  private static final long PAUSE_AFTER_ERROR_NANOS = 100_000_000;

  private final Channel channel;

  private final EventQueue queue;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread created = new Thread(task, "cache-invalidation-checker");
            created.setDaemon(true);
            return created;
          });

  private @Nullable Subscription subscription;

  /** Used by the checking thread only. Reduced after a failure: a page may have been too large. */
  private int pageSize = PAGE_SIZE;

  ChannelWorker(Channel channel, EventQueue queue) {
    this.channel = channel;
    this.queue = queue;
  }

  @Override
  public void subscribe(long number) {
    try {
      closeSubscription();
      subscription = channel.feed().subscribe(new QueueingSubscriber(number));
    } catch (RuntimeException | Error failure) {
      queue.put(new Event.Lost(number, failure));
    }
  }

  @Override
  public void check(Event.Check check) {
    submit(
        () -> {
          try {
            queue.put(new Event.Checked(check, channel.log().findTip()));
          } catch (RuntimeException failure) {
            queue.put(new Event.CheckFailed(failure));
          } catch (Error broken) {
            checkFailed(broken);
          }
        });
  }

  @Override
  public void read(long reading, Position from) {
    submit(
        () -> {
          try {
            LogPage page = channel.log().read(from, pageSize);
            pageSize = page.complete() ? PAGE_SIZE : pageSize;
            queue.put(new Event.Read(reading, page));
          } catch (RuntimeException failure) {
            readFailed(reading, failure);
          } catch (Error broken) {
            readFailed(reading, new IllegalStateException(broken));
          }
        });
  }

  /** Waits until there is memory for the event: without an answer no check would follow. */
  private void checkFailed(Error broken) {
    boolean told = false;
    while (!told && !thread.isShutdown()) {
      try {
        queue.put(new Event.CheckFailed(new IllegalStateException(broken)));
        told = true;
      } catch (OutOfMemoryError exhausted) {
        LockSupport.parkNanos(PAUSE_AFTER_ERROR_NANOS);
      }
    }
  }

  private void readFailed(long reading, RuntimeException failure) {
    pageSize = Math.max(SMALLEST_PAGE_SIZE, pageSize / SMALLER);
    queue.put(new Event.ReadFailed(reading, failure));
  }

  /** Called when the receiver handles no more events. */
  @Override
  public void close() {
    try {
      closeSubscription();
    } catch (RuntimeException brokenAlready) {
      log.debug("Closing the subscription to '{}' failed", channel.name(), brokenAlready);
    } finally {
      thread.shutdownNow();
    }
  }

  private void submit(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException closed) {
      queue.put(new Event.CheckFailed(closed));
    }
  }

  private void closeSubscription() {
    Subscription present = subscription;
    subscription = null;
    if (present != null) {
      present.close();
    }
  }

  private final class QueueingSubscriber implements Subscriber {

    private final long number;
    private boolean behind;

    QueueingSubscriber(long number) {
      this.number = number;
    }

    @Override
    public void subscribed() {
      queue.put(new Event.Subscribed(number));
    }

    @Override
    public void received(Delivery delivery) {
      queue.putMessage(delivery, channel.feed().deliversOnOwnThread());
    }

    /** Called by the feed only, on one thread at a time. */
    @Override
    public boolean isBehind() {
      boolean before = behind;
      behind = queue.isHalfFull();
      if (behind && !before) {
        queue.put(new Event.Behind());
      }
      return behind;
    }

    @Override
    public void lost(Throwable cause) {
      queue.put(new Event.Lost(number, cause));
    }
  }
}
