package io.github.cacheinvalidation.internal.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;

/**
 * Distinguishes reads from writes. Spring calls the same {@code put} for a {@code @Cacheable} and
 * for a {@code @CachePut} result. This resolver is called at the beginning of every invocation and
 * knows the operation; it returns a view that knows both. It also does so for a cache that the
 * application has decorated, if the decorator returns the native cache. It returns other caches
 * unchanged.
 */
public final class ViewResolver implements CacheResolver {

  private final CacheResolver delegate;

  /**
   * Creates a resolver.
   *
   * @param delegate finds the caches of an operation
   */
  public ViewResolver(CacheResolver delegate) {
    this.delegate = delegate;
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    Collection<? extends Cache> caches = delegate.resolveCaches(context);
    BasicOperation operation = context.getOperation();
    if (caches.size() == 1) {
      return List.of(view(caches.iterator().next(), operation));
    }
    List<Cache> views = new ArrayList<>(caches.size());
    for (Cache cache : caches) {
      views.add(view(cache, operation));
    }
    return views;
  }

  private static Cache view(Cache cache, BasicOperation operation) {
    Cache target =
        cache instanceof TransactionAwareCacheDecorator decorator
            ? decorator.getTargetCache()
            : cache;
    if (target instanceof CoherentCache coherent) {
      Function<CoherentCache, CacheView> views = views(operation, LoadingView::new);
      return views == null ? coherent : views.apply(coherent);
    }
    if (target.getNativeCache() instanceof NativeCache decorated) {
      Function<CoherentCache, CacheView> views = views(operation, LoadingView::begun);
      return views == null ? target : new DecoratedView(target, decorated.owner(), views);
    }
    return cache;
  }

  private static @Nullable Function<CoherentCache, CacheView> views(
      BasicOperation operation, Function<CoherentCache, CacheView> loading) {
    if (operation instanceof CacheableOperation) {
      return loading;
    }
    if (operation instanceof CachePutOperation) {
      return WritingView::new;
    }
    return operation instanceof CacheEvictOperation ? EvictingView::new : null;
  }

  /** Returns the delegate's text, because Spring names a resolver that finds no cache. */
  @Override
  public String toString() {
    return delegate.toString();
  }
}
