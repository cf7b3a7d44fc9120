package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's thread-bound transactions. As a {@link TransactionExecutionListener} of the transaction
 * managers it sees each transaction begin, which tells how old the view of the database can be; a
 * transaction that it did not see begin gathers its writes just the same but stores no loads.
 */
public final class SpringTransactions implements Transactions, TransactionExecutionListener {

  private final LogicalClock clock;

  private final Outbox outbox;

  private final ThreadTransactions thread = new ThreadTransactions();

  private final PersistenceContexts contexts;

  private final ThreadLocal<Long> beginning = new ThreadLocal<>();

  private final ThreadLocal<LastRollback> rolledBack = ThreadLocal.withInitial(LastRollback::new);

  private volatile boolean anyRolledBack;

  private final AtomicInteger writing = new AtomicInteger();

  private final AtomicInteger keeping = new AtomicInteger();

  /**
   * Creates the support where there are no persistence contexts.
   *
   * @param clock the node's logical clock
   * @param outbox gets what became stale, after the commit
   */
  public SpringTransactions(LogicalClock clock, Outbox outbox) {
    this(clock, outbox, PersistenceContexts.none());
  }

  /**
   * Creates the support.
   *
   * @param clock the node's logical clock
   * @param outbox gets what became stale, after the commit
   * @param contexts knows what can be older than a transaction that it is used in
   */
  public SpringTransactions(LogicalClock clock, Outbox outbox, PersistenceContexts contexts) {
    this.clock = clock;
    this.outbox = outbox;
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

  /** A transaction that was not told of its end, and is still bound, answers nothing. */
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

  /** Whether a transaction of this node keeps what it has loaded. */
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

  /** Without a mark it is a failure that rolls back, and then there is no result to store. */
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

  /** A transaction has written something; until it ends lookups ask whether it was theirs. */
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
            outbox,
            stamp,
            TransactionSynchronizationManager.isCurrentTransactionReadOnly(),
            resources,
            thread.readable(),
            new KeptLoads(keeping));
    thread.bind(unit);
    TransactionSynchronizationManager.registerSynchronization(unit);
    return unit;
  }

  /** When a transaction of a thread was last rolled back although nothing failed. */
  private static final class LastRollback implements LongPredicate {

    private volatile long at = Long.MIN_VALUE;

    @Override
    public boolean test(long stamp) {
      return at > stamp;
    }
  }
}
