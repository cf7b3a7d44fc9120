package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fence away where there is no transaction: says that there is one that only reads, does
 * everything at once, and began after every invalidation that there will ever be.
 */
final class UnfencedTransactions implements Transactions {

  private final Transactions real;

  private final UnitOfWork outside;

  UnfencedTransactions(Transactions real, InvalidationSink sink) {
    this.real = real;
    this.outside = new AtOnce(sink);
  }

  @Override
  public @Nullable UnitOfWork current() {
    UnitOfWork unit = real.current();
    return unit == null ? outside : unit;
  }

  @Override
  public @Nullable UnitOfWork reading() {
    UnitOfWork unit = real.reading();
    return unit == null ? outside : unit;
  }

  @Override
  public boolean rolledBackSince(long stamp) {
    return real.rolledBackSince(stamp);
  }

  @Override
  public LongPredicate rollbacks() {
    return real.rollbacks();
  }

  @Override
  public long stampOf(long stamp) {
    return real.stampOf(stamp);
  }

  @Override
  public boolean currentHasWritten(WriteTarget target, Object key) {
    return real.currentHasWritten(target, key);
  }

  private record AtOnce(InvalidationSink sink) implements UnitOfWork {

    @Override
    public long startStamp() {
      return Long.MAX_VALUE;
    }

    @Override
    public long stampOf(long stamp) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean isReadOnly() {
      return true;
    }

    @Override
    public int suspensions() {
      return 0;
    }

    @Override
    public void evict(WriteTarget target, Object key) {
      target.applyEvict(key);
      publish(Invalidation.keys(target.name(), key));
    }

    @Override
    public void clear(WriteTarget target) {
      target.applyClear();
      publish(new Invalidation.Whole<>(target.name()));
    }

    @Override
    public void evictAhead(WriteTarget target, Object key) {
      evict(target, key);
    }

    @Override
    public void clearAhead(WriteTarget target) {
      clear(target);
    }

    @Override
    public void put(WriteTarget target, Object key, Object storeValue, long stamp) {
      target.applyPut(key, storeValue, stamp);
      publish(Invalidation.keys(target.name(), key));
    }

    private void publish(Invalidation.OfCache<Object> stale) {
      sink.addAll(List.of(stale)).await();
    }

    @Override
    public int savepointRollbacks() {
      return 0;
    }

    @Override
    public void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise) {
      committed.run();
    }
  }
}
