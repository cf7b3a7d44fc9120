package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.CacheInvalidator;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.util.ClassUtils;

/**
 * The invalidator of an application where the starter is inactive. Removes entries from the caches
 * of the application's cache managers, and publishes nothing. Without a cache manager a call does
 * nothing. The first call logs that.
 *
 * <p>If there are several cache managers, the caches of that name in all of them are meant.
 */
final class UnpublishedInvalidator implements CacheInvalidator {

  private static final Logger log = StarterLog.get();

  private final ApplicationCaches present;

  private final String reason;

  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * Creates an invalidator.
   *
   * @param present the caches of the application
   * @param reason why the starter is inactive, and the remedy
   */
  UnpublishedInvalidator(ApplicationCaches present, String reason) {
    this.present = present;
    this.reason = reason;
  }

  @Override
  public void evict(String cache, Object key) {
    evictAll(cache, List.of(required(key, "key")));
  }

  @Override
  public void evictAll(String cache, Collection<?> keys) {
    List<Cache> found = caches(cache);
    Set<Object> distinct = distinct(keys);
    found.forEach(each -> distinct.forEach(each::evict));
  }

  @Override
  public void clear(String cache) {
    caches(cache).forEach(Cache::clear);
  }

  /** Returns each key once, or throws if the collection or a key is null. */
  static Set<Object> distinct(Collection<?> keys) {
    Set<Object> distinct = new LinkedHashSet<>();
    for (Object key : required(keys, "keys")) {
      distinct.add(required(key, "key"));
    }
    return distinct;
  }

  private List<Cache> caches(String name) {
    required(name, "cache");
    List<CacheManager> managers = present.managers();
    tellOnce(managers);
    List<Cache> found = present.named(name, cache -> true);
    if (found.isEmpty() && !managers.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no cache '"
              + name
              + "'; the caches are "
              + managers.stream().flatMap(each -> each.getCacheNames().stream()).toList()
              + ". Add it to the cache manager or correct the name");
    }
    return found;
  }

  private void tellOnce(List<CacheManager> managers) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    List<String> acting =
        managers.stream()
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
  static <T> T required(T argument, String name) {
    if (argument == null) {
      throw new IllegalArgumentException("'" + name + "' must not be null");
    }
    return argument;
  }
}
