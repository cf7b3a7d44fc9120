package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.internal.loading.Load;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The view for one invocation of a {@code @Cacheable} method. A put passes the result of a load.
 * The load began with the lookup; without a lookup, it began with the invocation. The fence decides
 * whether the result is stored. The result is never published. Any thread may call put, also
 * repeatedly.
 */
final class LoadingView extends CacheView {

  private static final long NOT_BEGUN = Long.MIN_VALUE;

  private final long resolvedStamp;

  /** The stamp of a load that began outside of transactions and older persistence contexts. */
  private long begun = NOT_BEGUN;

  /** Tests a stamp for later rollbacks on the thread on which the load began. */
  private LongPredicate rollbacks = stamp -> false;

  /** The load, if it began inside a transaction or an older context, or for a decorated cache. */
  private @Nullable Load load;

  LoadingView(CoherentCache target) {
    super(target);
    this.resolvedStamp = target.loading().stamp();
  }

  /**
   * Returns a view for a cache whose lookups go to a decorator. Its load begins now on the calling
   * thread. Without a load, the view would use the transaction of the thread that puts.
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
   * The fields need no synchronization of their own: the thread that looks up the key hands the
   * value over to the thread that puts it.
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
