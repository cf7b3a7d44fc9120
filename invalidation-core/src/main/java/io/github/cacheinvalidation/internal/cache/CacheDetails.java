package io.github.cacheinvalidation.internal.cache;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache of this node at one moment, for an operator.
 *
 * @param name the name of the cache
 * @param localOnly whether it neither publishes nor listens
 * @param size about how many entries it holds
 * @param hitRate the part of the lookups that found a value; null without statistics, or before the
 *     first lookup
 * @param maximum the most entries, or the greatest weight; null if there is no such limit
 * @param weighted whether {@code maximum} is a weight
 * @param unlimited whether entries leave it only by invalidations and clears, so that it can fill
 *     the heap
 * @param expireAfterWrite the lifetime after a write; null if there is none, or it varies
 * @param expireAfterAccess the lifetime after the last access; null if there is none, or it varies
 * @param maxStaleness the staleness bound; null if there is none
 * @param suspect whether messages may have been lost, so that it clears within its bound
 * @param keyTypes the types of the keys that it uses here, sorted
 */
public record CacheDetails(
    String name,
    boolean localOnly,
    long size,
    @Nullable Double hitRate,
    @Nullable Long maximum,
    boolean weighted,
    boolean unlimited,
    @Nullable Duration expireAfterWrite,
    @Nullable Duration expireAfterAccess,
    @Nullable Duration maxStaleness,
    boolean suspect,
    List<String> keyTypes) {

  public CacheDetails {
    keyTypes = List.copyOf(keyTypes);
  }
}
