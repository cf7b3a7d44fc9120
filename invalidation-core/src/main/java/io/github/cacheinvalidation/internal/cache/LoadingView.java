package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.internal.loading.Load;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one invocation of a {@code @Cacheable} method sees: what it puts is the result of a load
 * that began with its lookup, or with the invocation if there was none, so it is stored behind the
 * fence and not published. The result may come from any thread, and more than once.
 */
final class LoadingView extends CacheView {

  private static final long NOT_BEGUN = Long.MIN_VALUE;

  private final long resolvedStamp;

  /** When the load began, if no transaction has to do with it. */
  private long begun = NOT_BEGUN;

  /** The rollbacks of the thread on which the load began. */
  private LongPredicate rollbacks = stamp -> false;

  /** The load, if a transaction has to do with it, or if a decorator is looked up. */
  private @Nullable Load load;

  LoadingView(CoherentCache target) {
    super(target);
    this.resolvedStamp = target.loading().stamp();
  }

  /**
   * Returns a view whose load has begun on the calling thread, for a cache whose lookups go to a
   * decorator. Without a load the view would ask the thread that puts for its transaction.
   */
  static LoadingView begun(CoherentCache target) {
    LoadingView view = new LoadingView(target);
    view.load = target.loading().begin();
    return view;
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    ValueWrapper present = target().find(key);
    if (present == null) {
      begin(key);
    }
    return present;
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    CompletableFuture<?> present = target().retrieve(key);
    if (present == null) {
      begin(key);
    }
    return present;
  }

  /**
   * Whoever puts what was loaded was handed it by who looked it up, so the fields need no fence of
   * their own.
   */
  private void begin(Object key) {
    long stamp = target().loading().beginAlone(key);
    boolean alone = stamp != UnitOfWork.UNSEEN;
    begun = alone ? stamp : NOT_BEGUN;
    rollbacks = target().loading().rollbacks();
    load = alone ? null : target().loading().begin(key);
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    Load inTransaction = load;
    if (inTransaction != null) {
      target().loading().store(inTransaction, key, value);
    } else if (begun != NOT_BEGUN) {
      target().loading().store(begun, rollbacks, key, value);
    } else {
      target().loading().store(target().loading().begin(key, resolvedStamp), key, value);
    }
  }
}
