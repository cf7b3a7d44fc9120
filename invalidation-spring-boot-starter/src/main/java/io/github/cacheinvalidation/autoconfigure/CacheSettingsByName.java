package io.github.cacheinvalidation.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.cache.CacheSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.util.StringUtils;

/**
 * Says how the cache of a name is made: by its own spec, or by what Spring Boot would make all
 * caches with, which is {@code spring.cache.caffeine.spec}, else a {@link CaffeineSpec} bean, else
 * a {@link Caffeine} bean. Whatever cannot be used is refused when this object is made.
 */
final class CacheSettingsByName implements Function<String, CacheSettings> {

  private static final String SPEC = "spring.cache.caffeine.spec";

  private final InvalidationProperties properties;

  private final NodeSettings node;

  private final Supplier<Caffeine<Object, Object>> common;

  CacheSettingsByName(
      InvalidationProperties properties,
      NodeSettings node,
      CacheProperties spring,
      @Nullable CaffeineSpec spec,
      @Nullable Caffeine<Object, Object> builder) {
    this.properties = properties;
    this.node = node;
    this.common = common(spring.getCaffeine().getSpec(), spec, builder);
    requireKnown(spring.getCacheNames());
    properties.getCaches().keySet().forEach(this::apply);
  }

  @Override
  public CacheSettings apply(String name) {
    InvalidationProperties.CacheEntry own = properties.getCaches().get(name);
    boolean local = !properties.isEnabled();
    if (own == null) {
      return new CacheSettings(common, properties.getMaxStaleness(), local);
    }
    String prefix = "invalidation.caches." + name;
    String spec = own.getSpec();
    return new CacheSettings(
        spec == null ? common : parsed(prefix + ".spec", spec),
        bound(prefix + ".max-staleness", own.getMaxStaleness()),
        local || own.isLocalOnly());
  }

  private Duration bound(String property, @Nullable Duration own) {
    return own == null ? properties.getMaxStaleness() : node.requireBound(property, own);
  }

  private void requireKnown(List<String> fixedNames) {
    for (String name : properties.getCaches().keySet()) {
      if (!fixedNames.isEmpty() && !fixedNames.contains(name)) {
        throw new InvalidSettingException(
            "invalidation.caches."
                + name
                + " is set, but there is no such cache: spring.cache.cache-names is "
                + fixedNames,
            "Add '"
                + name
                + "' to spring.cache.cache-names, or correct the name; one with other characters"
                + " than letters, digits and dashes is written in brackets, such as"
                + " invalidation.caches.[my_cache].spec");
      }
    }
  }

  private static Supplier<Caffeine<Object, Object>> common(
      @Nullable String text,
      @Nullable CaffeineSpec spec,
      @Nullable Caffeine<Object, Object> builder) {
    if (StringUtils.hasText(text)) {
      return parsed(SPEC, text);
    }
    if (spec != null) {
      return parsed("The CaffeineSpec bean", spec.toParsableString());
    }
    if (builder != null) {
      return required("The Caffeine bean", String.valueOf(builder), () -> builder);
    }
    return Caffeine::newBuilder;
  }

  private static Supplier<Caffeine<Object, Object>> parsed(String property, String spec) {
    try {
      // The bound has no say in how a cache is built.
      Duration any = Duration.ofSeconds(1);
      return required(property, spec, CacheSettings.ofSpec(spec, any, false).builder());
    } catch (IllegalArgumentException failure) {
      throw unusable(property, spec, failure);
    }
  }

  /** Builds a cache once, since Caffeine sees some contradictions only then. */
  private static Supplier<Caffeine<Object, Object>> required(
      String property, String value, Supplier<Caffeine<Object, Object>> builder) {
    try {
      Caffeine<Object, Object> sample = builder.get();
      if (sample.toString().contains("keyStrength=weak")) {
        throw new IllegalArgumentException(
            "weakKeys compares keys by identity, so that no invalidation could find its key");
      }
      sample.build().cleanUp();
      return builder;
    } catch (IllegalArgumentException | IllegalStateException failure) {
      throw unusable(property, value, failure);
    }
  }

  private static InvalidSettingException unusable(
      String property, String value, RuntimeException failure) {
    return new InvalidSettingException(
        property + " is '" + value + "', which cannot be used: " + failure.getMessage(),
        "Correct it to what Caffeine can build without a loader, such as"
            + " maximumSize=10000,expireAfterWrite=10m");
  }
}
