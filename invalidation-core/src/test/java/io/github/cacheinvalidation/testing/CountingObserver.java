package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An observer that counts its events, and keeps the last failure of each kind. For nodes that run
 * under load or for long; {@link RecordingObserver} keeps every event in order.
 */
public final class CountingObserver implements InvalidationObserver {

  /** Joins. */
  public final AtomicInteger joined = new AtomicInteger();

  /** Confirmed subscriptions. */
  public final AtomicInteger subscribed = new AtomicInteger();

  /** Lost subscriptions. */
  public final AtomicInteger lost = new AtomicInteger();

  /** Messages that were read from the log. */
  public final AtomicInteger replayed = new AtomicInteger();

  /** Keys of applied messages. */
  public final AtomicInteger appliedKeys = new AtomicInteger();

  /** Messages that could not be read. */
  public final AtomicInteger unreadable = new AtomicInteger();

  /** Answered checks. */
  public final AtomicInteger checked = new AtomicInteger();

  /** Failed checks. */
  public final AtomicInteger checksFailed = new AtomicInteger();

  /** Overflows of the outbox. */
  public final AtomicInteger overflows = new AtomicInteger();

  /** Published keys. */
  public final AtomicInteger publishedKeys = new AtomicInteger();

  /** Failed attempts to publish. */
  public final AtomicInteger publicationsFailed = new AtomicInteger();

  /** Messages for other programs that are tried again. */
  public final AtomicInteger foreignRetries = new AtomicInteger();

  /** Messages for other programs that are lost. */
  public final AtomicInteger foreignLosses = new AtomicInteger();

  private volatile @Nullable Throwable lastForeignFailure;

  private volatile @Nullable Throwable lastFailure;

  private volatile @Nullable Throwable lastLoss;

  private volatile @Nullable Throwable lastCheckFailure;

  private final List<ClearReason> clears = new CopyOnWriteArrayList<>();

  /** Creates an observer that was told nothing yet. */
  public CountingObserver() {}

  /** Returns the clears for a loss, known or suspected. */
  public List<ClearReason> clearsForLoss() {
    return clears.stream()
        .filter(
            reason -> reason == ClearReason.LOST_MESSAGES || reason == ClearReason.SUSPECTED_LOSS)
        .toList();
  }

  /** Returns the reasons of all clears, in order. */
  public List<ClearReason> clears() {
    return clears;
  }

  /** Returns why a message for other programs failed last. */
  public @Nullable Throwable lastForeignFailure() {
    return lastForeignFailure;
  }

  /** Returns why a publication failed last. */
  public @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** Returns why a subscription was lost last. */
  public @Nullable Throwable lastLoss() {
    return lastLoss;
  }

  /** Returns why a check failed last. */
  public @Nullable Throwable lastCheckFailure() {
    return lastCheckFailure;
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    clears.add(reason);
  }

  @Override
  public void published(int keys, int wholeCaches) {
    publishedKeys.addAndGet(keys);
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    lastFailure = cause;
    publicationsFailed.incrementAndGet();
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    overflows.incrementAndGet();
  }

  @Override
  public void foreignWriteFailed(String cache, Throwable cause, boolean retried) {
    lastForeignFailure = cause;
    (retried ? foreignRetries : foreignLosses).incrementAndGet();
  }

  @Override
  public void unreadable(String kind, String detail) {
    unreadable.incrementAndGet();
  }

  @Override
  public void joined() {
    joined.incrementAndGet();
  }

  @Override
  public void subscriptionLost(Throwable cause) {
    lastLoss = cause;
    lost.incrementAndGet();
  }

  @Override
  public void subscribed() {
    subscribed.incrementAndGet();
  }

  @Override
  public void checked() {
    checked.incrementAndGet();
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    lastCheckFailure = cause;
    checksFailed.incrementAndGet();
  }

  @Override
  public void applied(String cache, int keys) {
    appliedKeys.addAndGet(keys);
  }

  @Override
  public void replayed(int messages) {
    replayed.addAndGet(messages);
  }
}
