package io.github.cacheinvalidation.convergence;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Spring's transactions over the store: savepoints, suspension, and commits that fail. */
final class StoreTransactionManager extends AbstractPlatformTransactionManager {

  private static final long serialVersionUID = 1L;

  private final transient Store store;

  StoreTransactionManager(Store store) {
    this.store = store;
    setNestedTransactionAllowed(true);
  }

  @Override
  protected Object doGetTransaction() {
    return new Handle(store.current());
  }

  @Override
  protected boolean isExistingTransaction(Object transaction) {
    return ((Handle) transaction).transaction != null;
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    StoreTransaction begun =
        new StoreTransaction(
            store,
            definition.getIsolationLevel() == TransactionDefinition.ISOLATION_REPEATABLE_READ);
    ((Handle) transaction).transaction = begun;
    TransactionSynchronizationManager.bindResource(store, begun);
  }

  @Override
  protected Object doSuspend(Object transaction) {
    ((Handle) transaction).transaction = null;
    return TransactionSynchronizationManager.unbindResource(store);
  }

  @Override
  protected void doResume(@Nullable Object transaction, Object suspendedResources) {
    TransactionSynchronizationManager.bindResource(store, suspendedResources);
  }

  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    StoreTransaction transaction = of(status);
    transaction.commit();
    switch (transaction.outcome()) {
      case COMMITS -> {}
      case UNKNOWN_AND_LOST, UNKNOWN_AND_STANDS ->
          throw new TransactionSystemException("Injected: the commit has no known outcome");
      case ROLLED_BACK_IT_SAYS -> throw new CommitFailure();
    }
  }

  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    of(status).rollback();
  }

  @Override
  protected void doSetRollbackOnly(DefaultTransactionStatus status) {
    throw new IllegalStateException("A part of a transaction failed, which is not intended");
  }

  @Override
  protected void doCleanupAfterCompletion(Object transaction) {
    TransactionSynchronizationManager.unbindResource(store);
  }

  private static StoreTransaction of(DefaultTransactionStatus status) {
    return requireNonNull(((Handle) status.getTransaction()).transaction);
  }

  /** Makes Spring say that the transaction was rolled back. */
  static final class CommitFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommitFailure() {
      super("Injected: the answer to the commit was lost");
    }
  }

  private static final class Handle implements SavepointManager {

    private @Nullable StoreTransaction transaction;

    Handle(@Nullable StoreTransaction transaction) {
      this.transaction = transaction;
    }

    @Override
    public Object createSavepoint() {
      return requireNonNull(transaction).savepoint();
    }

    @Override
    public void rollbackToSavepoint(Object savepoint) {
      requireNonNull(transaction).rollbackTo((StoreTransaction.Savepoint) savepoint);
    }

    @Override
    public void releaseSavepoint(Object savepoint) {}
  }
}
