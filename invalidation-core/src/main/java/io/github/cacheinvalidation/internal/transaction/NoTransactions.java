package io.github.cacheinvalidation.internal.transaction;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** For an application without transaction support. */
enum NoTransactions implements Transactions {
  INSTANCE;

  @Override
  public @Nullable UnitOfWork current() {
    return null;
  }

  @Override
  public @Nullable UnitOfWork reading() {
    return null;
  }

  @Override
  public boolean rolledBackSince(long stamp) {
    return false;
  }

  @Override
  public LongPredicate rollbacks() {
    return stamp -> false;
  }

  @Override
  public boolean currentHasWritten(WriteTarget target, Object key) {
    return false;
  }

  @Override
  public long stampOf(long stamp) {
    return stamp;
  }
}
