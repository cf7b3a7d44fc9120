package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.internal.store.MaintenanceExecutor;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache.
 *
 * @param builder supplies a Caffeine builder for each instance of the cache; it must not set weak
 *     keys or refreshing
 * @param spec the specification that the builder is made from; null if code has made or changed it
 * @param maxStaleness how long an entry may be read after the node was last known to be coherent
 * @param localOnly whether the cache neither publishes nor listens; then it has no bound either
 * @param allowNullValues whether null can be stored as a value
 */
public record CacheSettings(
    Supplier<Caffeine<Object, Object>> builder,
    @Nullable String spec,
    Duration maxStaleness,
    boolean localOnly,
    boolean allowNullValues) {

  public CacheSettings {
    if (maxStaleness.isNegative() || maxStaleness.isZero()) {
      throw new IllegalArgumentException("'maxStaleness' must be positive but was " + maxStaleness);
    }
  }

  /** Creates settings of a cache that code builds and that stores null values. */
  public CacheSettings(
      Supplier<Caffeine<Object, Object>> builder, Duration maxStaleness, boolean localOnly) {
    this(builder, null, maxStaleness, localOnly, true);
  }

  /**
   * Creates settings from a Caffeine specification.
   *
   * @param spec the specification, such as {@code maximumSize=1000,expireAfterWrite=10m}; may be
   *     empty
   * @param maxStaleness how long an entry may be read after the node was last known to be coherent
   * @param localOnly whether the cache neither publishes nor listens
   * @return the settings
   * @throws IllegalArgumentException if the specification cannot be read, or no cache can be
   *     {@linkplain #build built} from it
   */
  public static CacheSettings ofSpec(String spec, Duration maxStaleness, boolean localOnly) {
    CaffeineSpec parsed = CaffeineSpec.parse(spec);
    CacheSettings settings =
        new CacheSettings(
            () -> Caffeine.from(parsed).executor(new MaintenanceExecutor(System::nanoTime)),
            spec,
            maxStaleness,
            localOnly,
            true);
    settings.build().cleanUp();
    return settings;
  }

  /**
   * Returns whether entries leave the cache only by invalidations and clears: it has no maximum, no
   * lifetime, and no values that the garbage collector may take.
   */
  public boolean isUnlimited() {
    String asked = builder.get().toString();
    return Stream.of("maximum", "expire", "expiry", "valueStrength").noneMatch(asked::contains);
  }

  /**
   * Builds an instance of the cache. Caffeine detects contradictory settings only here.
   *
   * @return the instance
   * @throws IllegalArgumentException if the builder sets weak keys or refreshing, or if Caffeine
   *     refuses its settings
   */
  public Cache<Object, Object> build() {
    Caffeine<Object, Object> fresh = builder.get();
    String asked = fresh.toString();
    if (asked.contains("keyStrength=weak")) {
      throw new IllegalArgumentException(
          "weakKeys compares keys by identity, so no invalidation could find its key;"
              + " remove weakKeys");
    }
    if (asked.contains("refreshAfterWrite")) {
      throw new IllegalArgumentException(
          "refreshAfterWrite needs a loader, but Spring's caches have none; use expireAfterWrite");
    }
    try {
      return fresh.build();
    } catch (IllegalStateException refused) {
      throw new IllegalArgumentException(refused.getMessage(), refused);
    }
  }
}
