package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Keeps the status of a node from the reports of the receivers, the outbox and the housekeeper, and
 * notifies an observer of each change. Thread-safe: changes are made one after the other under a
 * lock; an event that changes nothing takes no lock. The observer is notified without that lock, so
 * it may stop the node. One thread at a time notifies it, also of changes by other threads, which
 * do not wait for the notification.
 */
public final class StatusTracker implements ChainStatus {

  static final String CHECK_FAILED = "A check failed, so messages may have been missed";

  private final InvalidationObserver observer;

  private final CoherenceWatermark watermark;

  private final LongSupplier nanoTime;

  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  private final ReentrantLock teller = new ReentrantLock();

  private final Queue<Change> untold = new ConcurrentLinkedQueue<>();

  private volatile IntSupplier pendingKeys = () -> 0;

  private volatile Set<String> cacheChannels = Set.of();

  private volatile StatusFacts facts;

  /**
   * Creates the tracker of a node that is not started.
   *
   * @param observer notified of changes
   * @param watermark the time up to which the node is coherent
   * @param nanoTime the node's monotonic clock
   * @param clock the wall clock
   */
  public StatusTracker(
      InvalidationObserver observer,
      CoherenceWatermark watermark,
      LongSupplier nanoTime,
      InstantSource clock) {
    this.observer = observer;
    this.watermark = watermark;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.facts = StatusFacts.made(clock.instant());
  }

  /** Sets the source of the number of pending keys. */
  public void pendingKeys(IntSupplier source) {
    pendingKeys = source;
  }

  /** Returns the current status. */
  public NodeStatus status() {
    return facts.status(lastConfirmed(clock.instant()), pendingKeys.getAsInt());
  }

  /** Returns the current state, without computing the rest of the status. */
  public State state() {
    return facts.state();
  }

  /**
   * Waits while the node is joining.
   *
   * @param timeout how long to wait at most
   * @return whether the node has joined
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  public boolean awaitJoined(Duration timeout) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (left > 0 && facts.state() == State.JOINING) {
        left = changed.awaitNanos(left);
      }
      return facts.hasJoined();
    } finally {
      lock.unlock();
    }
  }

  /** Sets the names of the cache channels that the node joins at its next start. */
  public void cacheChannels(Set<String> names) {
    cacheChannels = Set.copyOf(names);
  }

  /** Returns where to report about a cache channel; this tracker itself is for the own one. */
  public ChainStatus cacheChannel(String name) {
    return new CacheChannelStatus(name, this::change, nanoTime);
  }

  /** Returns where to report about a further channel. */
  public ChainStatus further(String channel) {
    return new FurtherStatus(channel, this::change, nanoTime);
  }

  @Override
  public void started(String channel) {
    change(present -> present.started(channel, cacheChannels));
  }

  @Override
  public void stopped() {
    change(StatusFacts::stopped);
  }

  /** Returns how often the caches became suspect. */
  public long suspicions() {
    return facts.suspicions();
  }

  /**
   * No cache is suspect any more.
   *
   * @param suspicions the result of {@link #suspicions} before the caches were examined; if the
   *     caches became suspect since then, this call changes nothing
   */
  public void trusted(long suspicions) {
    change(present -> present.trusted(suspicions));
  }

  @Override
  public void behind(long nanos, String reason) {
    change(present -> present.behind(nanos, reason));
  }

  @Override
  public void resynced(String server, boolean suspected) {
    change(present -> present.resynced(server, suspected));
  }

  @Override
  public boolean confirmed(long sentNanos, boolean heard) {
    return change(present -> present.confirmed(sentNanos, heard));
  }

  @Override
  public void subscribed() {
    change(present -> present.worked(Impairment.SUBSCRIPTION));
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    failed(Impairment.SUBSCRIPTION, cause);
  }

  @Override
  public void checked() {
    change(present -> present.worked(Impairment.CHECKS));
  }

  /** Ignores a connection that is still being made, because its outcome is not known yet. */
  @Override
  public void checkFailed(RuntimeException cause) {
    if (!(cause instanceof StillConnectingException)) {
      long nanos = nanoTime.getAsLong();
      failed(Impairment.CHECKS, cause, present -> present.behind(nanos, CHECK_FAILED));
    }
  }

  @Override
  public void published(int keys, int wholeCaches) {
    change(present -> present.worked(Impairment.PUBLICATIONS).worked(Impairment.REFUSALS));
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    if (cause instanceof PublicationRefusedException) {
      failed(Impairment.REFUSALS, cause);
    } else if (!(cause instanceof StillConnectingException)) {
      failed(Impairment.PUBLICATIONS, cause);
    }
  }

  private void failed(Impairment what, Throwable cause) {
    failed(what, cause, UnaryOperator.identity());
  }

  private void failed(Impairment what, Throwable cause, UnaryOperator<StatusFacts> other) {
    String reason = String.valueOf(cause.getMessage());
    boolean refused = cause instanceof RefusedException;
    change(present -> other.apply(present).failed(what, reason, refused));
  }

  /** Returns whether the node joins with this event. */
  private boolean change(UnaryOperator<StatusFacts> event) {
    StatusFacts seen = facts;
    if (event.apply(seen).equals(seen)) {
      return false;
    }
    Instant now = clock.instant();
    Instant confirmed = lastConfirmed(now);
    int pending = pendingKeys.getAsInt();
    boolean joins;
    lock.lock();
    try {
      StatusFacts before = facts;
      StatusFacts next = event.apply(before).after(before, now);
      facts = next;
      joins = !before.hasJoined() && next.hasJoined();
      changed.signalAll();
      Change change =
          new Change(before.status(confirmed, pending), next.status(confirmed, pending));
      if (!change.before().equals(change.now())) {
        untold.add(change);
      }
    } finally {
      lock.unlock();
    }
    tell();
    return joins;
  }

  /** Notifies the observer of queued changes. A thread that already does so takes these too. */
  private void tell() {
    while (!untold.isEmpty() && !teller.isHeldByCurrentThread() && teller.tryLock()) {
      try {
        for (Change next = untold.poll(); next != null; next = untold.poll()) {
          observer.statusChanged(next.before(), next.now());
        }
      } finally {
        teller.unlock();
      }
    }
  }

  private Instant lastConfirmed(Instant now) {
    return now.minusNanos(nanoTime.getAsLong() - watermark.nanos());
  }

  private record Change(NodeStatus before, NodeStatus now) {}
}
