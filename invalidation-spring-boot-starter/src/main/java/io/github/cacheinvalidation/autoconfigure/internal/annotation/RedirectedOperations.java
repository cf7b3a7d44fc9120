package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.util.StringUtils;

/**
 * Replaces the cache operations that name their own cache manager or resolver with copies that name
 * none. An aspect looks up a named manager or resolver directly, so it would bypass the views. The
 * originals are kept for the resolver that the aspect asks instead.
 *
 * <p>An aspect remembers the resolver of each operation that it has used. If the aspect may have
 * used operations before, all operations are replaced, so that the aspect asks for the resolver
 * again.
 */
final class RedirectedOperations implements CacheOperationSource {

  private final CacheOperationSource declared;

  private final CacheAspectSupport aspect;

  private final CommonCacheResolver common;

  private final boolean all;

  private @Nullable CacheResolver resolver;

  private final Map<CacheOperation, CacheOperation> replacements = new ConcurrentHashMap<>();

  private final Map<BasicOperation, CacheOperation> originals = new ConcurrentHashMap<>();

  RedirectedOperations(
      CacheOperationSource declared,
      CacheAspectSupport aspect,
      CommonCacheResolver common,
      boolean all) {
    this.declared = declared;
    this.aspect = aspect;
    this.common = common;
    this.all = all;
  }

  /**
   * Sets the resolver of the replaced operations. Must be called before an aspect uses this object.
   */
  void useWith(CacheResolver views) {
    resolver = views;
  }

  CacheOperationSource declared() {
    return declared;
  }

  /** Returns the resolver of the operations that name neither a manager nor a resolver. */
  CommonCacheResolver common() {
    return common;
  }

  /**
   * Returns whether the aspect still uses the resolver of these operations. Another context may
   * have set another resolver.
   */
  boolean areInUse() {
    return aspect.getCacheResolver() == resolver;
  }

  /** Returns the operation as declared, or null if the operation was not replaced. */
  @Nullable CacheOperation original(BasicOperation operation) {
    return originals.isEmpty() ? null : originals.get(operation);
  }

  @Override
  public boolean isCandidateClass(Class<?> targetClass) {
    return declared.isCandidateClass(targetClass);
  }

  @Override
  public boolean hasCacheOperations(Method method, @Nullable Class<?> targetClass) {
    return declared.hasCacheOperations(method, targetClass);
  }

  @Override
  public @Nullable Collection<CacheOperation> getCacheOperations(
      Method method, @Nullable Class<?> targetClass) {
    Collection<CacheOperation> operations = declared.getCacheOperations(method, targetClass);
    if (operations == null || operations.stream().noneMatch(this::isReplaced) || !areInUse()) {
      return operations;
    }
    return operations.stream()
        .map(operation -> isReplaced(operation) ? replacement(operation) : operation)
        .toList();
  }

  private boolean isReplaced(CacheOperation operation) {
    return all || namesItsOwn(operation);
  }

  static boolean namesItsOwn(CacheOperation operation) {
    return StringUtils.hasText(operation.getCacheResolver())
        || StringUtils.hasText(operation.getCacheManager());
  }

  private CacheOperation replacement(CacheOperation operation) {
    return replacements.computeIfAbsent(
        operation,
        original -> {
          CacheOperation replacement = copyOf(original);
          originals.put(replacement, original);
          return replacement;
        });
  }

  /** Copies the three types that the aspect knows; it looks operations up by their exact class. */
  private static CacheOperation copyOf(CacheOperation operation) {
    if (operation instanceof CacheableOperation cacheable) {
      CacheableOperation.Builder copy = new CacheableOperation.Builder();
      copy.setSync(cacheable.isSync());
      if (cacheable.getUnless() != null) {
        copy.setUnless(cacheable.getUnless());
      }
      return copied(operation, copy);
    }
    if (operation instanceof CachePutOperation put) {
      CachePutOperation.Builder copy = new CachePutOperation.Builder();
      if (put.getUnless() != null) {
        copy.setUnless(put.getUnless());
      }
      return copied(operation, copy);
    }
    if (operation instanceof CacheEvictOperation evict) {
      CacheEvictOperation.Builder copy = new CacheEvictOperation.Builder();
      copy.setCacheWide(evict.isCacheWide());
      copy.setBeforeInvocation(evict.isBeforeInvocation());
      return copied(operation, copy);
    }
    return operation;
  }

  /**
   * Operations are equal if their texts are equal, so the name of the copy contains the removed
   * attributes.
   */
  private static CacheOperation copied(CacheOperation operation, CacheOperation.Builder copy) {
    copy.setName(
        operation.getName()
            + " (cacheManager='"
            + operation.getCacheManager()
            + "', cacheResolver='"
            + operation.getCacheResolver()
            + "')");
    copy.setCacheNames(operation.getCacheNames().toArray(String[]::new));
    copy.setKey(operation.getKey());
    copy.setKeyGenerator(operation.getKeyGenerator());
    copy.setCondition(operation.getCondition());
    return copy.build();
  }
}
