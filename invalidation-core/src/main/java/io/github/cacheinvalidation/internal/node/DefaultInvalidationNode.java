package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.group.Groups;
import io.github.cacheinvalidation.internal.judge.CacheJudge;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.SentSettings;
import io.github.cacheinvalidation.internal.outbox.Outboxes;
import io.github.cacheinvalidation.internal.receiver.NodeReceivers;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node: its caches, and the parts that keep them coherent with the caches of other nodes on the
 * same channel. The caches can be used before the node is started and after it was stopped. Values
 * loaded before the channel's first answer are cleared when that answer arrives. Keys written while
 * the node is stopped are published when it starts again.
 *
 * <p>Made by {@link NodeBuilder}. Safe for use by any thread. Starting and stopping need no server
 * and may be repeated. Each start joins the channel again under a new identity.
 */
public final class DefaultInvalidationNode implements InvalidationNode, AutoCloseable {

  private final String name;

  private final ChannelOpener opener;

  /** Makes what adds settings to the messages of one start. */
  private final Supplier<SentSettings> settings;

  private final CoherentCacheManager caches;

  private final Outboxes outboxes;

  private final NodeReceivers receivers;

  private final Groups groups;

  private final CacheJudge judge;

  private final Transactions transactions;

  private final StatusTracker status;

  private final Duration checkInterval;

  private final Duration flushTimeout;

  private final Lifecycle lifecycle = new Lifecycle();

  private volatile @Nullable Channel channel;

  /** The origin of the messages of this start; null before the first. */
  private volatile @Nullable String origin;

  private @Nullable ScheduledExecutorService housekeeper;

  private @Nullable ScheduledFuture<?> housekeeping;

  DefaultInvalidationNode(
      String name,
      ChannelOpener opener,
      Supplier<SentSettings> settings,
      CoherentCacheManager caches,
      Outboxes outboxes,
      NodeReceivers receivers,
      Groups groups,
      CacheJudge judge,
      Transactions transactions,
      StatusTracker status,
      Duration checkInterval,
      Duration flushTimeout) {
    this.name = name;
    this.opener = opener;
    this.settings = settings;
    this.caches = caches;
    this.outboxes = outboxes;
    this.receivers = receivers;
    this.groups = groups;
    this.judge = judge;
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

  /** Returns the invalidator for application code. */
  public CacheInvalidator invalidator() {
    return caches.invalidator();
  }

  /** Returns the transactions for whose end the caches wait. */
  public Transactions transactions() {
    return transactions;
  }

  /** Returns the groups of which this node is a member while it is started. */
  public Groups groups() {
    return groups;
  }

  /** Returns what compares entries with their source of truth while the node is started. */
  public CacheJudge judge() {
    return judge;
  }

  @Override
  public NodeStatus status() {
    return status.status();
  }

  /** Returns how many keys wait to be published. */
  public int pendingKeys() {
    return outboxes.pendingKeys();
  }

  /** Returns how long the oldest key has waited that the sender could not publish yet. */
  public Duration longestWait() {
    return outboxes.longestWait();
  }

  /** Returns what tells an operator about this node; it asks the server only when it is asked. */
  public NodeInspector inspector() {
    return new NodeInspector(name, origin, channel);
  }

  /** Returns whether the channel has accepted every write of this node; false while stopped. */
  public boolean isDrained() {
    return outboxes.isDrained();
  }

  /**
   * Opens the channel and returns at once. The node joins when a server answers. Does nothing if
   * the node is started.
   *
   * <p>An observer may call {@code start}, {@link #stop} or {@link #close} on a thread of the node,
   * or while it is notified of another such call. The call then returns at once and is done on
   * another thread, in the order of the calls, because work under way needs the calling thread.
   */
  public void start() {
    run(this::startNow);
  }

  private synchronized void startNow() {
    if (channel != null) {
      return;
    }
    String id = UUID.randomUUID().toString();
    String from = new BodyWriter(name, id).origin();
    Channel opened = opener.open();
    channel = opened;
    origin = from;
    receivers.start(opened, from);
    outboxes.start(opened, () -> new BodyWriter(name, id, settings.get()));
    groups.start(opened, name + "/" + id);
    judge.start();
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
   * Publishes the pending keys, for at most the flush timeout, and leaves the channel. Does not
   * wait if no server has answered since the start and the last connection failed. The caches
   * continue to answer until their staleness bound. Does nothing if the node is not started.
   */
  public void stop() {
    Channel present = channel;
    run(() -> stopNow(present));
  }

  /** Stops the node if it still uses the given channel; a later start is not undone. */
  private synchronized void stopNow(@Nullable Channel started) {
    Channel opened = channel;
    if (opened == null || opened != started) {
      return;
    }
    channel = null;
    groups.stop(); // first, because handlers may write to caches
    judge.stop();
    Duration patience = isWithoutServer() ? Duration.ZERO : flushTimeout;
    status.stopped(); // the node promises nothing from now on, but it still publishes
    outboxes.stop(patience);
    receivers.stop();
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

  /** A first connection that is still being made is not a failed check. */
  private boolean isWithoutServer() {
    NodeStatus present = status.status();
    return present.server() == null && present.impairments().contains(Impairment.CHECKS);
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
   * Stops the node. Then publishes the keys written since the stop, such as those that beans write
   * while they are destroyed, for at most the flush timeout once more. Later writes are reported to
   * the observer, and published only if the node is started again.
   */
  @Override
  public void close() {
    run(this::closeNow);
  }

  private synchronized void closeNow() {
    stopNow(channel);
    if (outboxes.close()) {
      try (Channel opened = opener.open()) {
        String id = UUID.randomUUID().toString();
        outboxes.start(opened, () -> new BodyWriter(name, id));
        outboxes.stop(flushTimeout);
        outboxes.close();
      }
    }
  }

  /** An observer that is notified of a start or a stop may call these methods. */
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
