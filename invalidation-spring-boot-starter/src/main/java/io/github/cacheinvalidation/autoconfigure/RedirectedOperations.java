package io.github.cacheinvalidation.autoconfigure;

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
 * The operations of an aspect, those that name their own cache manager or resolver replaced by ones
 * that do not: the aspect would ask what they name directly, and so see no views. The replaced ones
 * are kept for the resolver that the aspect asks instead.
 *
 * <p>An aspect remembers the resolver of each operation that it has served. Where it may have
 * served some before, all operations are replaced, so that it asks anew.
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

  /** Says which resolver serves the replaced operations. Called before an aspect uses this. */
  void useWith(CacheResolver views) {
    resolver = views;
  }

  CacheOperationSource declared() {
    return declared;
  }

  /** Returns where the caches of operations are that name neither a manager nor a resolver. */
  CommonCacheResolver common() {
    return common;
  }

  /**
   * Whether the aspect still asks the resolver that these belong to. Another context may have given
   * the aspect another one.
   */
  boolean areInUse() {
    return aspect.getCacheResolver() == resolver;
  }

  /** Returns the operation as it was declared if it was replaced. */
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

  /** Only these three are known to the aspect, which looks them up by their exact class. */
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
   * Operations are equal if their texts are, so what is no longer in the text goes into the name.
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
