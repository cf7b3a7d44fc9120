package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.internal.outbox.Acceptance;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A transaction of Spring's. Its writes are flushed after the commit, before any other callback:
 * first on this node, then to the outbox. If {@code afterCommit} was not called because another
 * callback threw, {@code afterCompletion} flushes them. After a rollback or an unknown outcome all
 * evictions are done, and each put only evicts: the change behind an eviction may have been
 * committed elsewhere while this transaction was open, and an extra eviction is never wrong.
 */
final class SpringUnitOfWork implements UnitOfWork, TransactionSynchronization {

  private enum Phase {
    OPEN,
    FLUSHING,
    COMMITTED,
    NOT_COMMITTED
  }

  private static final int NEVER = -1;

  private final SpringTransactions transactions;

  private final InvalidationSink sink;

  private final long startStamp;

  private final boolean readOnly;

  private final List<Object> resources;

  private final @Nullable SpringUnitOfWork around;

  private final int rollbacksAround;

  private final KeptLoads kept;

  private final PendingWrites writes = new PendingWrites(this::beforeTheFirstWrite);

  private final PendingWrites ahead = new PendingWrites(() -> {});

  private final Map<Object, Mark> savepoints = new HashMap<>();

  private final List<Runnable[]> endings = new ArrayList<>();

  private final ThrowableCollector attempts = new ThrowableCollector();

  private int savepointRollbacks;

  private int suspensions;

  private volatile boolean written;

  private Phase phase = Phase.OPEN;

  private Acceptance acceptance = Acceptance.NOT_AWAITED;

  /**
   * Begins a transaction.
   *
   * @param startStamp the stamp that was taken before it began, or {@link #UNSEEN}
   * @param resources the resources that are bound to the thread for it
   * @param around a suspended transaction of another manager whose resources are still bound, so
   *     that the thread can read through it
   * @param kept the values that this transaction has loaded
   */
  SpringUnitOfWork(
      SpringTransactions transactions,
      InvalidationSink sink,
      long startStamp,
      boolean readOnly,
      List<Object> resources,
      @Nullable SpringUnitOfWork around,
      KeptLoads kept) {
    this.transactions = transactions;
    this.sink = sink;
    this.startStamp = around == null ? startStamp : Math.min(startStamp, around.startStamp());
    this.readOnly = readOnly;
    this.resources = resources;
    this.around = around;
    this.kept = kept;
    this.rollbacksAround = around == null || !around.isOpen() ? NEVER : around.savepointRollbacks();
  }

  @Override
  public long startStamp() {
    return startStamp;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly && !written && (around == null || around.isReadOnly());
  }

  /** Whether any of these resources belongs to this transaction. */
  boolean holdsAny(List<Object> bound) {
    return resources.stream().anyMatch(own -> bound.stream().anyMatch(each -> each == own));
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean hasWritten(WriteTarget target, Object key) {
    return isOpen() && writes.contains(target, key);
  }

  @Override
  public int suspensions() {
    return suspensions;
  }

  @Override
  public void evict(WriteTarget target, Object key) {
    writes.evict(target, key);
  }

  @Override
  public void clear(WriteTarget target) {
    writes.clear(target);
  }

  @Override
  public void evictAhead(WriteTarget target, Object key) {
    evict(target, key);
    ahead.evict(target, key);
  }

  @Override
  public void clearAhead(WriteTarget target) {
    clear(target);
    ahead.clear(target);
  }

  @Override
  public void put(WriteTarget target, Object key, Object storeValue, long stamp) {
    writes.put(target, key, storeValue, stamp);
  }

  @Override
  public void gatherIfOpen(Runnable batch) {
    writes.gatherUnlessClosed(batch);
  }

  @Override
  public void alsoEvict(WriteTarget target, Object key) {
    writes.alsoEvict(target, key);
  }

  @Override
  public void keep(int rollbacksAtBegin, WriteTarget target, Object key, KeptLoad load) {
    kept.keep(rollbacksAtBegin, target, key, load);
  }

  @Override
  public @Nullable Object putValue(WriteTarget target, Object key) {
    return writes.putValue(target, key);
  }

  KeptLoads kept() {
    return kept;
  }

  @Override
  public int savepointRollbacks() {
    synchronized (endings) {
      return savepointRollbacks;
    }
  }

  @Override
  public void whenCommitted(int rollbacksAtBegin, Runnable committed, Runnable otherwise) {
    Runnable here =
        around == null
            ? committed
            : () -> around.whenCommitted(rollbacksAround, committed, otherwise);
    boolean counts;
    synchronized (endings) {
      counts = rollbacksAtBegin == savepointRollbacks;
      if (counts && (phase == Phase.OPEN || phase == Phase.FLUSHING)) {
        endings.add(new Runnable[] {here, otherwise});
        return;
      }
    }
    (counts && phase == Phase.COMMITTED ? here : otherwise).run();
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void suspend() {
    suspensions++;
    transactions.thread().suspend(this);
  }

  @Override
  public void resume() {
    transactions.thread().resume(this);
    if (isOpen() && !ahead.isEmpty()) {
      ahead.applyLocally(false, attempts);
      attempts.run(() -> sink.addAll(ahead.stale()).awaitInsideTransaction());
    }
  }

  @Override
  public void savepoint(Object savepoint) {
    synchronized (endings) {
      savepoints.put(savepoint, new Mark(writes.mark(), endings.size()));
    }
  }

  @Override
  public void savepointRollback(Object savepoint) {
    transactions.rolledBack();
    Mark mark = savepoints.getOrDefault(savepoint, Mark.BEGINNING);
    writes.evictPutsSince(mark.writes);
    kept.rolledBackToSavepoint();
    List<Runnable[]> undone;
    synchronized (endings) {
      savepointRollbacks++;
      List<Runnable[]> since = endings.subList(mark.endings, endings.size());
      undone = List.copyOf(since);
      since.clear();
    }
    undone.forEach(each -> attempts.run(each[1]));
  }

  /**
   * Registers the report as late as possible, because callbacks of equal order run in the order of
   * registration. Writes may still follow, in listeners of a flush inside the commit.
   */
  @Override
  public void beforeCompletion() {
    TransactionSynchronizationManager.registerSynchronization(new Reporting());
  }

  @Override
  public void afterCommit() {
    flush(Phase.COMMITTED);
  }

  @Override
  public void afterCompletion(int status) {
    transactions.thread().unbind(this);
    if (phase == Phase.OPEN) {
      flush(status == STATUS_COMMITTED ? Phase.COMMITTED : Phase.NOT_COMMITTED);
    }
    transactions.ended(written);
    attempts.rethrow(); // to Spring's log
  }

  private void beforeTheFirstWrite() {
    written = true;
    transactions.writing();
  }

  /** Applies the writes. Writes by listeners of the application meanwhile are applied at once. */
  private void flush(Phase outcome) {
    synchronized (endings) {
      phase = Phase.FLUSHING;
    }
    writes.close();
    boolean withPuts = outcome == Phase.COMMITTED && (around == null || around.isReadOnly());
    writes.applyLocally(withPuts, attempts);
    attempts.run(() -> acceptance = sink.addAll(writes.stale()));
    end(outcome);
  }

  private void end(Phase outcome) {
    kept.end();
    List<Runnable[]> ended;
    synchronized (endings) {
      phase = outcome;
      ended = List.copyOf(endings);
      endings.clear();
    }
    for (Runnable[] each : ended) {
      attempts.run(each[outcome == Phase.COMMITTED ? 0 : 1]);
    }
  }

  /** The number of writes and of endings at a savepoint. */
  private record Mark(int writes, int endings) {

    private static final Mark BEGINNING = new Mark(0, 0);
  }

  /**
   * Waits for acceptance and throws the first failure, after every other callback, so that all of
   * them run. The caller of the commit gets the exception; the commit stands.
   */
  private final class Reporting implements TransactionSynchronization {

    @Override
    public int getOrder() {
      return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
      attempts.run(acceptance::await);
      attempts.rethrow();
    }
  }
}
