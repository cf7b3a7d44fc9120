package io.github.cacheinvalidation.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What one invocation of a {@code @Cacheable} method sees: what it puts is the result of a load
 * that began with its lookup, or with the invocation if there was none, so it is stored behind the
 * fence and not published. The result may come from any thread, and more than once.
 */
final class LoadingView extends CacheView {

  private static final AtomicReferenceFieldUpdater<LoadingView, @Nullable Load> LOAD =
      AtomicReferenceFieldUpdater.newUpdater(LoadingView.class, Load.class, "load");

  private final long resolvedStamp;

  private volatile @Nullable Load load;

  LoadingView(CoherentCache target) {
    super(target);
    this.resolvedStamp = target.loading().stamp();
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
   * Whoever puts what was loaded was handed it by who looked it up: no fence is needed for that.
   */
  private void begin(Object key) {
    LOAD.lazySet(this, target().loading().begin(key));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    Load begun = load;
    if (begun == null) {
      begun = target().loading().begin(key, resolvedStamp);
    }
    target().loading().store(begun, key, value);
  }
}
