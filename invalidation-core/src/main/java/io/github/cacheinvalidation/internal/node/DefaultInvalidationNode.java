package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.receiver.ReceiverLifecycle;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node: its caches, and what keeps them coherent with those of the other nodes on the same
 * channel. The caches can be used before the node is started and after it was stopped; what was
 * loaded before the channel has answered for the first time is cleared when it answers, and what
 * was written while the node is stopped is published when it starts again.
 *
 * <p>Made by {@link NodeBuilder}. Starting and stopping need no server and may be repeated; every
 * start joins anew under a new identity.
 */
public final class DefaultInvalidationNode implements InvalidationNode, AutoCloseable {

  private final String name;

  private final ChannelOpener opener;

  private final CoherentCacheManager caches;

  private final Outbox outbox;

  private final ReceiverLifecycle coherence;

  private final Transactions transactions;

  private final StatusTracker status;

  private final Duration checkInterval;

  private final Duration flushTimeout;

  private final Lifecycle lifecycle = new Lifecycle();

  private volatile @Nullable Channel channel;

  private @Nullable ScheduledExecutorService housekeeper;

  private @Nullable ScheduledFuture<?> housekeeping;

  DefaultInvalidationNode(
      String name,
      ChannelOpener opener,
      CoherentCacheManager caches,
      Outbox outbox,
      ReceiverLifecycle coherence,
      Transactions transactions,
      StatusTracker status,
      Duration checkInterval,
      Duration flushTimeout) {
    this.name = name;
    this.opener = opener;
    this.caches = caches;
    this.outbox = outbox;
    this.coherence = coherence;
    this.transactions = transactions;
    this.status = status;
    this.checkInterval = checkInterval;
    this.flushTimeout = flushTimeout;
  }

  /** Returns a builder with the defaults. */
  public static NodeBuilder builder() {
    return new NodeBuilder();
  }

  /** Returns the caches of this node. */
  public CoherentCacheManager cacheManager() {
    return caches;
  }

  /** Returns the way to invalidate from code. */
  public CacheInvalidator invalidator() {
    return caches.invalidator();
  }

  /** Returns the transactions that the caches wait for. */
  public Transactions transactions() {
    return transactions;
  }

  @Override
  public NodeStatus status() {
    return status.status();
  }

  /** Returns how many keys wait to be published. */
  public int pendingKeys() {
    return outbox.pendingKeys();
  }

  /**
   * Opens the channel and joins it as soon as a server answers; returns at once. Where an observer
   * calls this, {@link #stop} or {@link #close} on a thread of the node, or while it is told of
   * another such call, it is done on another thread, in the order of the calls, since the present
   * one is needed to end what is under way.
   */
  public void start() {
    run(this::startNow);
  }

  private synchronized void startNow() {
    if (channel != null) {
      return;
    }
    String id = UUID.randomUUID().toString();
    BodyWriter writer = new BodyWriter(name, id);
    Channel opened = opener.open();
    channel = opened;
    coherence.start(opened, writer.origin());
    outbox.start(opened.log(), writer);
    housekeeper =
        Executors.newSingleThreadScheduledExecutor(DefaultInvalidationNode::housekeeperThread);
    housekeeping =
        housekeeper.scheduleWithFixedDelay(
            this::keepHouse,
            checkInterval.toNanos(),
            checkInterval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /**
   * Publishes what is pending, for at most the flush timeout, and leaves the channel. The caches go
   * on until their staleness bound.
   */
  public void stop() {
    Channel present = channel;
    run(() -> stopNow(present));
  }

  /** Stops what was started then; what was started since goes on. */
  private synchronized void stopNow(@Nullable Channel started) {
    Channel opened = channel;
    if (opened == null || opened != started) {
      return;
    }
    channel = null;
    status.stopped(); // from now on nothing is promised, though it still publishes
    outbox.stop(flushTimeout);
    coherence.stop();
    opened.close();
    if (housekeeping != null) {
      housekeeping.cancel(true);
      housekeeping = null;
    }
    if (housekeeper != null) {
      housekeeper.shutdownNow();
      housekeeper = null;
    }
  }

  @Override
  public boolean awaitJoined(Duration timeout) throws InterruptedException {
    return status.awaitJoined(timeout);
  }

  /** Returns whether the node is started. */
  public boolean isRunning() {
    return status.state() != NodeStatus.State.STOPPED;
  }

  /**
   * Stops, and publishes what was written since it was stopped, which is what beans write while
   * they are destroyed; for at most the flush timeout once more. What is written after that is
   * reported to the observer, and published only if the node is started again.
   */
  @Override
  public void close() {
    run(this::closeNow);
  }

  private synchronized void closeNow() {
    stopNow(channel);
    if (outbox.close()) {
      try (Channel opened = opener.open()) {
        outbox.start(opened.log(), new BodyWriter(name, UUID.randomUUID().toString()));
        outbox.stop(flushTimeout);
        outbox.close();
      }
    }
  }

  /** An observer that is told of a start or a stop may call the other. */
  private void run(Runnable change) {
    lifecycle.run(change, Thread.holdsLock(this));
  }

  private void keepHouse() {
    long suspicions = status.suspicions();
    if (!caches.expireBeyondLimits()) {
      status.trusted(suspicions);
    }
  }

  private static Thread housekeeperThread(Runnable task) {
    Thread thread = new Thread(task, "cache-invalidation-housekeeper");
    thread.setDaemon(true);
    return thread;
  }
}
