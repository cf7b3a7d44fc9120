package io.github.cacheinvalidation.transaction;

import io.github.cacheinvalidation.outbox.Acceptance;
import io.github.cacheinvalidation.outbox.Outbox;
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
 * first on this node, then to the outbox. What {@code afterCommit} could not do, because another
 * callback threw or the outcome is unknown, {@code afterCompletion} does; there an outcome other
 * than a rollback that the application asked for counts as a commit for evictions and as a rollback
 * for puts.
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

  private final Outbox outbox;

  private final long startStamp;

  private final boolean readOnly;

  private final List<Object> resources;

  private final @Nullable SpringUnitOfWork around;

  private final int rollbacksAround;

  private final GatheredWrites writes = new GatheredWrites();

  private final Map<Object, Mark> savepoints = new HashMap<>();

  private final List<Runnable[]> endings = new ArrayList<>();

  private int savepointRollbacks;

  private boolean commitAttempted;

  private volatile boolean written;

  private boolean awaiting;

  private Phase phase = Phase.OPEN;

  private @Nullable RuntimeException failure;

  private Acceptance acceptance = Acceptance.NOT_AWAITED;

  /**
   * Begins a transaction.
   *
   * @param startStamp the stamp that was taken before, or {@link #UNSEEN}
   * @param resources what is bound to the thread for it
   * @param around another manager's transaction that can be read through inside of this one
   */
  SpringUnitOfWork(
      SpringTransactions transactions,
      Outbox outbox,
      long startStamp,
      boolean readOnly,
      List<Object> resources,
      @Nullable SpringUnitOfWork around) {
    this.transactions = transactions;
    this.outbox = outbox;
    this.startStamp = startStamp == UNSEEN || around == null ? startStamp : around.startStamp();
    this.readOnly = readOnly;
    this.resources = resources;
    this.around = around;
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

  /** Whether any of these resources is one of this transaction's. */
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
  public void evict(WriteTarget target, Object key) {
    beforeWrite();
    writes.evict(target, key);
  }

  @Override
  public void clear(WriteTarget target) {
    beforeWrite();
    writes.clear(target);
  }

  @Override
  public void put(WriteTarget target, Object key, Object storeValue, long stamp) {
    beforeWrite();
    writes.put(target, key, storeValue, stamp);
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
    transactions.thread().suspend(this);
  }

  @Override
  public void resume() {
    transactions.thread().resume(this);
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
    List<Runnable[]> undone;
    synchronized (endings) {
      savepointRollbacks++;
      List<Runnable[]> since = endings.subList(mark.endings, endings.size());
      undone = List.copyOf(since);
      since.clear();
    }
    undone.forEach(each -> each[1].run());
  }

  @Override
  public void beforeCommit(boolean readOnlyTransaction) {
    commitAttempted = true;
  }

  /** Registered as late as can be, since callbacks of equal order run in order of registration. */
  @Override
  public void beforeCompletion() {
    synchronized (endings) {
      awaiting = written || !endings.isEmpty();
    }
    if (awaiting) {
      TransactionSynchronizationManager.registerSynchronization(new Awaiting());
    }
  }

  @Override
  public void afterCommit() {
    try {
      flush(Phase.COMMITTED);
    } catch (RuntimeException notApplied) {
      if (!awaiting) {
        throw notApplied;
      }
      failure = notApplied;
    }
  }

  @Override
  public void afterCompletion(int status) {
    transactions.thread().unbind(this);
    if (phase == Phase.OPEN) {
      if (status == STATUS_COMMITTED) {
        flush(Phase.COMMITTED);
      } else if (status == STATUS_UNKNOWN || commitAttempted) {
        flush(Phase.NOT_COMMITTED);
      } else {
        end(Phase.NOT_COMMITTED);
      }
    }
    transactions.ended(written);
  }

  private void beforeWrite() {
    if (!written) {
      written = true;
      transactions.writing();
    }
  }

  /** What is written meanwhile, by listeners of the application, is applied at once. */
  private void flush(Phase outcome) {
    synchronized (endings) {
      phase = Phase.FLUSHING;
    }
    try {
      writes.applyLocally(outcome == Phase.COMMITTED && (around == null || around.isReadOnly()));
    } finally {
      acceptance = outbox.addAll(writes.staleKeys());
      end(outcome);
    }
  }

  private void end(Phase outcome) {
    List<Runnable[]> ended;
    synchronized (endings) {
      phase = outcome;
      ended = List.copyOf(endings);
      endings.clear();
    }
    RuntimeException first = null;
    for (Runnable[] each : ended) {
      try {
        each[outcome == Phase.COMMITTED ? 0 : 1].run();
      } catch (RuntimeException notStored) {
        first = first == null ? notStored : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** How much there was at a savepoint. */
  private record Mark(int writes, int endings) {

    private static final Mark BEGINNING = new Mark(0, 0);
  }

  /** Waits and fails after every other callback, so that it keeps none of them from running. */
  private final class Awaiting implements TransactionSynchronization {

    @Override
    public int getOrder() {
      return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
      RuntimeException notApplied = failure;
      if (notApplied != null) {
        throw notApplied;
      }
      acceptance.await();
    }
  }
}
