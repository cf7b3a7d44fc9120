package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.cache.CoherentCacheManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Finds the caches of an operation where Spring would: by the resolver or manager that the
 * operation names, else by those of the application's {@link CachingConfigurer}, else by the cache
 * manager bean. Looks for them when an operation first needs them, and remembers those that only
 * its names say, since a {@link CoherentCacheManager} never lets go of a cache.
 */
final class DeclaredCacheResolver implements CacheResolver {

  private static final int MOST_REMEMBERED = 1000;

  private final RedirectedOperations operations;

  private final BeanFactory beans;

  private final SingletonSupplier<CacheResolver> common;

  private final Map<CacheOperation, CacheResolver> named = new ConcurrentHashMap<>();

  private final Map<BasicOperation, Collection<Cache>> remembered = new ConcurrentHashMap<>();

  DeclaredCacheResolver(
      RedirectedOperations operations,
      ObjectProvider<CachingConfigurer> configurers,
      ObjectProvider<CacheManager> managers,
      BeanFactory beans) {
    this.operations = operations;
    this.beans = beans;
    this.common = SingletonSupplier.of(() -> common(configurers, managers));
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    Collection<Cache> known = remembered.get(context.getOperation());
    return known == null ? find(context) : known;
  }

  private Collection<? extends Cache> find(CacheOperationInvocationContext<?> context) {
    CacheOperation original = operations.original(context.getOperation());
    CacheResolver resolver =
        original == null ? common.obtain() : named.computeIfAbsent(original, this::named);
    Collection<? extends Cache> caches = resolver.resolveCaches(context);
    if (goesByNames(resolver) && remembered.size() < MOST_REMEMBERED) {
      remembered.put(context.getOperation(), List.copyOf(caches));
    }
    return caches;
  }

  private static boolean goesByNames(CacheResolver resolver) {
    return resolver.getClass() == SimpleCacheResolver.class
        && ((SimpleCacheResolver) resolver).getCacheManager() instanceof CoherentCacheManager;
  }

  private CacheResolver named(CacheOperation operation) {
    String resolver = operation.getCacheResolver();
    if (StringUtils.hasText(resolver)) {
      return BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, CacheResolver.class, resolver);
    }
    String manager = operation.getCacheManager();
    return new SimpleCacheResolver(
        BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, CacheManager.class, manager));
  }

  private static CacheResolver common(
      ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheManager> managers) {
    CachingConfigurer configurer = configurers.getIfAvailable();
    if (configurer != null) {
      CacheResolver resolver = configurer.cacheResolver();
      if (resolver != null) {
        return resolver;
      }
      CacheManager manager = configurer.cacheManager();
      if (manager != null) {
        return new SimpleCacheResolver(manager);
      }
    }
    return new SimpleCacheResolver(managers.getObject());
  }
}
