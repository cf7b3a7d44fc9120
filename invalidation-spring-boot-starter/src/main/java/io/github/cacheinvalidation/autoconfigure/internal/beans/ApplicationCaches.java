package io.github.cacheinvalidation.autoconfigure.internal.beans;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * The caches of the cache managers of the application that are default candidates. The managers are
 * looked up at each call, because they may need the bean that uses this class.
 */
final class ApplicationCaches {

  private final ObjectProvider<CacheManager> managers;

  private final UnaryOperator<Cache> decoration;

  /**
   * Creates the caches.
   *
   * @param managers the cache managers of the application
   * @param decoration decides when a removal takes place
   */
  ApplicationCaches(ObjectProvider<CacheManager> managers, UnaryOperator<Cache> decoration) {
    this.managers = managers;
    this.decoration = decoration;
  }

  List<CacheManager> managers() {
    return managers.orderedStream().toList();
  }

  /** Returns the caches of that name that match, from all managers, for removals. */
  List<Cache> named(String name, Predicate<Cache> filter) {
    return managers().stream()
        .map(manager -> manager.getCache(name))
        .filter(Objects::nonNull)
        .filter(filter)
        .map(decoration)
        .toList();
  }
}
