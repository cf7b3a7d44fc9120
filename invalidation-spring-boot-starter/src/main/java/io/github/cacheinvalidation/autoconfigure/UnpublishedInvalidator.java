package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.CacheInvalidator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.util.ClassUtils;

/**
 * The invalidator of an application where the starter is inactive. Removes entries from the caches
 * of the application's cache managers, and publishes nothing. Without a cache manager a call does
 * nothing. The first call logs that.
 *
 * <p>If there are several cache managers, the caches of that name in all of them are meant. The
 * managers are looked up at each call, because they may need this bean.
 */
final class UnpublishedInvalidator implements CacheInvalidator {

  private static final Logger log =
      LoggerFactory.getLogger(CacheInvalidationAutoConfiguration.class);

  private final ObjectProvider<CacheManager> managers;

  private final UnaryOperator<Cache> decoration;

  private final String reason;

  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * Creates an invalidator.
   *
   * @param managers the cache managers of the application
   * @param decoration decides when a removal takes place
   * @param reason why the starter is inactive, and the remedy
   */
  UnpublishedInvalidator(
      ObjectProvider<CacheManager> managers, UnaryOperator<Cache> decoration, String reason) {
    this.managers = managers;
    this.decoration = decoration;
    this.reason = reason;
  }

  @Override
  public void evict(String cache, Object key) {
    evictAll(cache, List.of(required(key, "key")));
  }

  @Override
  public void evictAll(String cache, Collection<?> keys) {
    List<Cache> found = caches(cache);
    Set<Object> distinct = new LinkedHashSet<>();
    for (Object key : required(keys, "keys")) {
      distinct.add(required(key, "key"));
    }
    found.forEach(each -> distinct.forEach(each::evict));
  }

  @Override
  public void clear(String cache) {
    caches(cache).forEach(Cache::clear);
  }

  private List<Cache> caches(String name) {
    required(name, "cache");
    List<CacheManager> present = managers.orderedStream().toList();
    tellOnce(present);
    List<Cache> found = new ArrayList<>();
    for (CacheManager manager : present) {
      Cache cache = manager.getCache(name);
      if (cache != null) {
        found.add(decoration.apply(cache));
      }
    }
    if (found.isEmpty() && !present.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no cache '"
              + name
              + "'; the caches are "
              + present.stream().flatMap(each -> each.getCacheNames().stream()).toList()
              + ". Add it to the cache manager or correct the name");
    }
    return found;
  }

  private void tellOnce(List<CacheManager> present) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    List<String> acting =
        present.stream()
            .filter(manager -> !(manager instanceof NoOpCacheManager))
            .map(manager -> ClassUtils.getShortName(manager.getClass()))
            .toList();
    if (acting.isEmpty()) {
      log.warn("CacheInvalidator does nothing, because there is no cache: {}", reason);
    } else {
      log.warn(
          "CacheInvalidator removes entries only through the cache manager of this application, {},"
              + " and publishes nothing: {}",
          acting,
          reason);
    }
  }

  /** Returns the argument, or throws if a caller without null checks passed null. */
  private static <T> T required(T argument, String name) {
    if (argument == null) {
      throw new IllegalArgumentException("'" + name + "' must not be null");
    }
    return argument;
  }
}
