package io.github.cacheinvalidation.outbox;

import java.util.Set;

/**
 * What became stale in one cache.
 *
 * @param cache the name of the cache
 * @param whole whether the whole cache became stale; then the keys say nothing
 * @param keys the keys that became stale
 */
public record StaleKeys(String cache, boolean whole, Set<Object> keys) {}
