package io.github.cacheinvalidation.test;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction of the test thread. Loaded only if spring-tx is on the class path. */
final class OpenTransaction {

  private OpenTransaction() {}

  static boolean isThere() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }
}
