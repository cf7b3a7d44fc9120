package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the events of a node. */
final class WatchingObserver implements InvalidationObserver {

  final AtomicInteger joined = new AtomicInteger();

  final AtomicInteger subscribed = new AtomicInteger();

  final AtomicInteger lost = new AtomicInteger();

  final AtomicInteger replayed = new AtomicInteger();

  final AtomicInteger appliedKeys = new AtomicInteger();

  final AtomicInteger unreadable = new AtomicInteger();

  final AtomicInteger checked = new AtomicInteger();

  final AtomicInteger checksFailed = new AtomicInteger();

  final AtomicInteger overflows = new AtomicInteger();

  final AtomicInteger publishedKeys = new AtomicInteger();

  final AtomicInteger publicationsFailed = new AtomicInteger();

  final AtomicInteger foreignRetries = new AtomicInteger();

  final AtomicInteger foreignLosses = new AtomicInteger();

  private volatile @Nullable Throwable lastForeignFailure;

  private volatile @Nullable Throwable lastFailure;

  private volatile @Nullable Throwable lastLoss;

  private volatile @Nullable Throwable lastCheckFailure;

  private final List<ClearReason> clears = new CopyOnWriteArrayList<>();

  /** Returns the clears for a loss, known or suspected. */
  List<ClearReason> clearsForLoss() {
    return clears.stream()
        .filter(
            reason -> reason == ClearReason.LOST_MESSAGES || reason == ClearReason.SUSPECTED_LOSS)
        .toList();
  }

  List<ClearReason> clears() {
    return clears;
  }

  /** Returns why a message for other programs failed last. */
  @Nullable Throwable lastForeignFailure() {
    return lastForeignFailure;
  }

  /** Returns why a publication failed last. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** Returns why a subscription was lost last. */
  @Nullable Throwable lastLoss() {
    return lastLoss;
  }

  /** Returns why a check failed last. */
  @Nullable Throwable lastCheckFailure() {
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
