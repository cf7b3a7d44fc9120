package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's thread-bound transactions. This class is a {@link TransactionExecutionListener} of the
 * transaction managers, so it sees when each transaction begins. Data read in a transaction can be
 * as old as that moment. A transaction whose beginning was not seen gathers its writes like any
 * other, but the values that it loads are not stored.
 */
public final class SpringTransactions implements Transactions, TransactionExecutionListener {

  private final LogicalClock clock;

  private final InvalidationSink sink;

  private final ThreadTransactions thread = new ThreadTransactions();

  private final PersistenceContexts contexts;

  private final ThreadLocal<Long> beginning = new ThreadLocal<>();

  private final ThreadLocal<LastRollback> rolledBack = ThreadLocal.withInitial(LastRollback::new);

  private volatile boolean anyRolledBack;

  private final AtomicInteger writing = new AtomicInteger();

  private final AtomicInteger keeping = new AtomicInteger();

  /**
   * Creates the support for an application without persistence contexts.
   *
   * @param clock the node's logical clock
   * @param sink gets the invalidations after the commit
   */
  public SpringTransactions(LogicalClock clock, InvalidationSink sink) {
    this(clock, sink, PersistenceContexts.none());
  }

  /**
   * Creates the support.
   *
   * @param clock the node's logical clock
   * @param sink gets the invalidations after the commit
   * @param contexts finds persistence contexts, which can be older than the transaction
   */
  public SpringTransactions(
      LogicalClock clock, InvalidationSink sink, PersistenceContexts contexts) {
    this.clock = clock;
    this.sink = sink;
    this.contexts = contexts;
  }

  @Override
  public @Nullable UnitOfWork current() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return null;
    }
    SpringUnitOfWork bound = thread.bound();
    if (bound == null || !thread.isBoundHeard()) {
      bound = begin(UnitOfWork.UNSEEN, ThreadTransactions.resources());
    }
    return bound.isOpen() ? bound : null;
  }

  @Override
  public @Nullable UnitOfWork reading() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      return null;
    }
    UnitOfWork current = current();
    return current == null ? EndedTransaction.INSTANCE : current;
  }

  @Override
  public boolean rolledBackSince(long stamp) {
    return anyRolledBack && rolledBack.get().test(stamp);
  }

  @Override
  public LongPredicate rollbacks() {
    return rolledBack.get();
  }

  @Override
  public void sawUncommitted() {
    rolledBack();
  }

  @Override
  public boolean currentHasWritten(WriteTarget target, Object key) {
    if (writing.get() == 0) {
      return false;
    }
    SpringUnitOfWork bound = thread.bound();
    return bound != null && bound.hasWritten(target, key);
  }

  /** Returns nothing from a transaction that is bound but will not be notified of its end. */
  @Override
  public @Nullable KeptLoad keptLoad(WriteTarget target, Object key) {
    if (!isAnythingKept() || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return null;
    }
    SpringUnitOfWork bound = thread.bound();
    if (bound == null) {
      return null;
    }
    KeptLoad kept = bound.kept().get(target, key);
    return kept != null && thread.isBoundHeard() ? kept : null;
  }

  /** Whether any transaction of this node keeps a loaded value. */
  boolean isAnythingKept() {
    return keeping.get() != 0;
  }

  @Override
  public long stampOf(long stamp) {
    return Math.min(stamp, contexts.openedAt());
  }

  @Override
  public void beforeBegin(TransactionExecution transaction) {
    beginning.set(stampOf(clock.now()));
    thread.rememberResources();
  }

  @Override
  public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
    Long stamp = beginning.get();
    beginning.remove();
    List<Object> resources = thread.newResources();
    if (beginFailure == null
        && stamp != null
        && transaction.isNewTransaction()
        && TransactionSynchronizationManager.isSynchronizationActive()) {
      if (!thread.isBoundHeard()) {
        begin(stamp, resources);
      }
    }
  }

  /** Without the rollback-only mark a failure causes the rollback, and no result is stored. */
  @Override
  public void beforeRollback(TransactionExecution transaction) {
    if (transaction instanceof AbstractTransactionStatus status && status.isLocalRollbackOnly()) {
      rolledBack();
    }
  }

  void rolledBack() {
    rolledBack.get().at = clock.advance();
    anyRolledBack = true;
  }

  ThreadTransactions thread() {
    return thread;
  }

  /** Counts a transaction that has written; lookups check for writes while the count is not 0. */
  void writing() {
    writing.incrementAndGet();
  }

  void ended(boolean hadWritten) {
    if (hadWritten) {
      writing.decrementAndGet();
    }
  }

  private SpringUnitOfWork begin(long stamp, List<Object> resources) {
    SpringUnitOfWork unit =
        new SpringUnitOfWork(
            this,
            sink,
            stamp,
            TransactionSynchronizationManager.isCurrentTransactionReadOnly(),
            resources,
            thread.readable(),
            new KeptLoads(keeping));
    thread.bind(unit);
    TransactionSynchronizationManager.registerSynchronization(unit);
    return unit;
  }

  /** When a transaction of a thread was last rolled back without a failure. */
  private static final class LastRollback implements LongPredicate {

    private volatile long at = Long.MIN_VALUE;

    @Override
    public boolean test(long stamp) {
      return at > stamp;
    }
  }
}
