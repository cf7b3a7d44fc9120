package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.transaction.PersistenceContexts;
import io.github.cacheinvalidation.internal.transaction.SpringTransactions;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Adds a listener to every transaction manager bean, also to those that the application declares;
 * the customizers of Spring Boot reach only its own. The listener is added before the node exists,
 * because beans that the node needs may need a transaction manager. Transactions that begin before
 * the node exists count as unseen.
 */
public final class TransactionListenerPostProcessor
    implements BeanPostProcessor, PriorityOrdered, TransactionSupport {

  private final Beginnings beginnings = new Beginnings();

  private final ObjectProvider<PersistenceContextSupport> contexts;

  public TransactionListenerPostProcessor(ObjectProvider<PersistenceContextSupport> contexts) {
    this.contexts = contexts;
  }

  @Override
  public Transactions create(LogicalClock clock, InvalidationSink sink) {
    PersistenceContextSupport support = contexts.getIfAvailable();
    SpringTransactions transactions =
        new SpringTransactions(
            clock, sink, support == null ? PersistenceContexts.none() : support.create(clock));
    beginnings.target = transactions;
    return transactions;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof ConfigurableTransactionManager manager
        && !manager.getTransactionExecutionListeners().contains(beginnings)) {
      manager.addListener(beginnings);
    }
    return bean;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /** Not a bean, because Spring Boot would add it to its transaction managers a second time. */
  private static final class Beginnings implements TransactionExecutionListener {

    private volatile @Nullable SpringTransactions target;

    @Override
    public void beforeBegin(TransactionExecution transaction) {
      SpringTransactions present = target;
      if (present != null) {
        present.beforeBegin(transaction);
      }
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
      SpringTransactions present = target;
      if (present != null) {
        present.afterBegin(transaction, beginFailure);
      }
    }

    @Override
    public void beforeRollback(TransactionExecution transaction) {
      SpringTransactions present = target;
      if (present != null) {
        present.beforeRollback(transaction);
      }
    }
  }
}
