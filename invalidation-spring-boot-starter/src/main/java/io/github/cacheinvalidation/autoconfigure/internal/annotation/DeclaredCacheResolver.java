package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

/**
 * Finds the caches of an operation as Spring does: with the resolver or cache manager that the
 * operation names, or else with the {@linkplain CommonCacheResolver common resolver}. The lookup
 * happens when an operation is first used. Its result is remembered if it depends only on cache
 * names, because a {@link CoherentCacheManager} never removes a cache. A spy of that manager is
 * asked each time, since a test may stub it later. A resolver of the application gets the operation
 * as declared, and error messages show it as declared.
 */
final class DeclaredCacheResolver implements CacheResolver {

  private static final int MOST_REMEMBERED = 1000;

  private final RedirectedOperations operations;

  private final BeanFactory beans;

  private final Map<CacheOperation, CacheResolver> named = new ConcurrentHashMap<>();

  private final Map<BasicOperation, Collection<Cache>> remembered = new ConcurrentHashMap<>();

  DeclaredCacheResolver(RedirectedOperations operations, BeanFactory beans) {
    this.operations = operations;
    this.beans = beans;
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    Collection<Cache> known = remembered.get(context.getOperation());
    return known == null ? find(context) : known;
  }

  private Collection<? extends Cache> find(CacheOperationInvocationContext<?> context) {
    CacheOperation original = operations.original(context.getOperation());
    CacheResolver resolver =
        original != null && RedirectedOperations.namesItsOwn(original)
            ? named.computeIfAbsent(original, this::named)
            : operations.common().obtain();
    CacheOperationInvocationContext<?> declared =
        original == null ? context : new DeclaredContext(original, context);
    Collection<? extends Cache> caches = resolver.resolveCaches(declared);
    if (caches.isEmpty()) {
      throw new IllegalStateException(
          "No cache could be resolved for '"
              + declared.getOperation()
              + "' using resolver '"
              + resolver
              + "'. At least one cache should be provided per cache operation.");
    }
    if (remembered.size() < MOST_REMEMBERED && goesByNames(resolver)) {
      remembered.put(context.getOperation(), List.copyOf(caches));
    }
    return caches;
  }

  private boolean goesByNames(CacheResolver resolver) {
    return resolver.getClass() == SimpleCacheResolver.class
        && ((SimpleCacheResolver) resolver).getCacheManager() instanceof CoherentCacheManager caches
        && isOfANode(caches);
  }

  /**
   * A spy is a copy, so it is not the manager that its node has. Creates no node: a call may come
   * after the context is closed.
   */
  private boolean isOfANode(CoherentCacheManager caches) {
    BeanFactory factory = beans;
    while (factory instanceof ConfigurableListableBeanFactory known) {
      if (Arrays.stream(known.getBeanNamesForType(DefaultInvalidationNode.class, true, false))
          .map(known::getSingleton)
          .anyMatch(node -> isNodeOf(node, caches))) {
        return true;
      }
      factory = known.getParentBeanFactory();
      if (factory instanceof ConfigurableApplicationContext context) {
        factory = context.getBeanFactory();
      }
    }
    return false;
  }

  private static boolean isNodeOf(@Nullable Object node, CoherentCacheManager caches) {
    return node instanceof DefaultInvalidationNode present && present.cacheManager() == caches;
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

  /** The invocation with the operation as declared. */
  private record DeclaredContext(
      CacheOperation operation, CacheOperationInvocationContext<?> invocation)
      implements CacheOperationInvocationContext<CacheOperation> {

    @Override
    public CacheOperation getOperation() {
      return operation;
    }

    @Override
    public Object getTarget() {
      return invocation.getTarget();
    }

    @Override
    public Method getMethod() {
      return invocation.getMethod();
    }

    @Override
    public @Nullable Object[] getArgs() {
      return invocation.getArgs();
    }
  }
}
