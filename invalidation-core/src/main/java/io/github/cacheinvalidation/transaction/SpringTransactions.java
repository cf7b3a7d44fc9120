package io.github.cacheinvalidation.transaction;

import io.github.cacheinvalidation.fence.LogicalClock;
import io.github.cacheinvalidation.outbox.Outbox;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's thread-bound transactions. As a {@link TransactionExecutionListener} of the transaction
 * managers it sees each transaction begin, which tells how old the view of the database can be; a
 * transaction that it did not see begin gathers its writes just the same but stores no loads.
 */
public final class SpringTransactions implements Transactions, TransactionExecutionListener {

  private final LogicalClock clock;

  private final Outbox outbox;

  private final PersistenceContexts contexts;

  private final ThreadLocal<Long> beginning = new ThreadLocal<>();

  private final AtomicInteger writing = new AtomicInteger();

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
    if (!TransactionSynchronizationManager.isSynchronizationActive()
        || !TransactionSynchronizationManager.isActualTransactionActive()) {
      return null;
    }
    SpringUnitOfWork bound = bound();
    if (bound == null) {
      bound = begin(UnitOfWork.UNSEEN);
    }
    return bound.isOpen() ? bound : null;
  }

  @Override
  public boolean currentHasWritten(WriteTarget target, Object key) {
    if (writing.get() == 0) {
      return false;
    }
    SpringUnitOfWork bound = bound();
    return bound != null && bound.hasWritten(target, key);
  }

  @Override
  public long stampOf(long stamp) {
    return Math.min(stamp, contexts.openedAt());
  }

  @Override
  public void beforeBegin(TransactionExecution transaction) {
    beginning.set(stampOf(clock.now()));
  }

  @Override
  public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
    Long stamp = beginning.get();
    beginning.remove();
    if (beginFailure == null
        && stamp != null
        && transaction.isNewTransaction()
        && TransactionSynchronizationManager.isSynchronizationActive()
        && bound() == null) {
      begin(stamp);
    }
  }

  void bind(SpringUnitOfWork unit) {
    TransactionSynchronizationManager.bindResource(this, unit);
  }

  void unbind() {
    TransactionSynchronizationManager.unbindResourceIfPossible(this);
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

  private @Nullable SpringUnitOfWork bound() {
    return (SpringUnitOfWork) TransactionSynchronizationManager.getResource(this);
  }

  private SpringUnitOfWork begin(long stamp) {
    SpringUnitOfWork unit =
        new SpringUnitOfWork(
            this, outbox, stamp, TransactionSynchronizationManager.isCurrentTransactionReadOnly());
    bind(unit);
    TransactionSynchronizationManager.registerSynchronization(unit);
    return unit;
  }
}
