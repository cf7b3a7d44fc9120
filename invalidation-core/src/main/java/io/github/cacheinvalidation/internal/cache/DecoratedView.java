package io.github.cacheinvalidation.internal.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * The view of a cache that the application has decorated, for one invocation of an annotated
 * method. Every call goes to the decorator. If the decorator then puts into the cache on the same
 * thread, the put goes through the view of that cache; if it evicts, the eviction belongs to the
 * invocation. The decorator may change keys and values.
 */
final class DecoratedView implements Cache {

  private static final ThreadLocal<CacheView> PRESENT = new ThreadLocal<>();

  private final Cache decorator;

  private final CoherentCache target;

  private final Function<CoherentCache, CacheView> views;

  private CacheView view;

  DecoratedView(Cache decorator, CoherentCache target, Function<CoherentCache, CacheView> views) {
    this.decorator = decorator;
    this.target = target;
    this.views = views;
    this.view = views.apply(target);
  }

  /** Returns the view through which this thread puts into a cache; null if there is none. */
  static @Nullable CacheView presentOf(CoherentCache cache) {
    CacheView present = PRESENT.get();
    return present != null && present.target() == cache ? present : null;
  }

  /** Returns the call for which this thread evicts from a cache; null if there is none. */
  static @Nullable CallBegin beginOf(CoherentCache cache) {
    CacheView present = presentOf(cache);
    return present == null ? null : present.begin();
  }

  private static <T extends @Nullable Object> T through(
      @Nullable CacheView view, Supplier<T> call) {
    CacheView before = PRESENT.get();
    set(view);
    try {
      return call.get();
    } finally {
      set(before);
    }
  }

  private static void set(@Nullable CacheView view) {
    if (view == null) {
      PRESENT.remove();
    } else {
      PRESENT.set(view);
    }
  }

  @Override
  public String getName() {
    return decorator.getName();
  }

  @Override
  public Object getNativeCache() {
    return decorator.getNativeCache();
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    view = views.apply(target); // a load begins now
    return decorator.get(key);
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    view = views.apply(target);
    return decorator.get(key, type);
  }

  /** The loader runs outside the view: it is application code, and its own puts are writes. */
  @Override
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    return DecoratedView.<@Nullable T>through(
        view, () -> decorator.get(key, () -> outside(valueLoader)));
  }

  private static <T> T outside(Callable<T> loader) throws Exception {
    CacheView before = PRESENT.get();
    set(null);
    try {
      return loader.call();
    } finally {
      set(before);
    }
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    view = views.apply(target);
    return decorator.retrieve(key);
  }

  @Override
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return through(view, () -> decorator.retrieve(key, () -> through(null, valueLoader)));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    through(() -> decorator.put(key, value));
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    return decorator.putIfAbsent(key, value);
  }

  @Override
  public void evict(Object key) {
    through(() -> decorator.evict(key));
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return through(view, () -> decorator.evictIfPresent(key));
  }

  @Override
  public void clear() {
    through(decorator::clear);
  }

  @Override
  public boolean invalidate() {
    return through(view, decorator::invalidate);
  }

  private void through(Runnable call) {
    DecoratedView.<@Nullable Object>through(
        view,
        () -> {
          call.run();
          return null;
        });
  }

  @Override
  public String toString() {
    return "DecoratedView of " + decorator;
  }
}
