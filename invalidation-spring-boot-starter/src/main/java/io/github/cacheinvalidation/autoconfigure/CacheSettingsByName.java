package io.github.cacheinvalidation.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * Returns the settings of a cache by name: its own spec, or else the common configuration of Spring
 * Boot, which is {@code spring.cache.caffeine.spec}, or else a {@link CaffeineSpec} bean, or else a
 * {@link Caffeine} bean. Unusable settings are refused when this object is created.
 */
final class CacheSettingsByName implements Function<String, CacheSettings> {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private static final String SPEC = "spring.cache.caffeine.spec";

  private static final String REMEDY =
      "Change it to a configuration that Caffeine can build without a loader, such as"
          + " maximumSize=10000,expireAfterWrite=10m";

  /** Placeholder: the staleness bound does not affect how a cache is built. */
  private static final Duration ANY_BOUND = Duration.ofSeconds(1);

  private final InvalidationProperties properties;

  private final NodeSettings node;

  private final Supplier<Caffeine<Object, Object>> common;

  CacheSettingsByName(
      InvalidationProperties properties,
      NodeSettings node,
      @Nullable String commonSpec,
      List<String> fixedNames,
      @Nullable CaffeineSpec spec,
      @Nullable Caffeine<Object, Object> builder) {
    this.properties = properties;
    this.node = node;
    this.common = common(commonSpec, spec, builder);
    requireKnown(fixedNames);
    properties.getCaches().keySet().forEach(this::apply);
    requireSendable(fixedNames);
  }

  @Override
  public CacheSettings apply(String name) {
    InvalidationProperties.CacheEntry own = properties.getCaches().get(name);
    boolean local = !properties.isEnabled();
    if (own == null) {
      return new CacheSettings(common, properties.getMaxStaleness(), local);
    }
    String spec = own.getSpec();
    return new CacheSettings(
        spec == null ? common : parsed(node.names().ofCache(name, "spec"), spec),
        bound(node.names().ofCache(name, "max-staleness"), own.getMaxStaleness()),
        local || own.isLocalOnly());
  }

  /**
   * Logs if no cache can ever receive a write. Without fixed names, others may be created later.
   */
  void tellIfAllAreLocal(List<String> fixedNames) {
    if (properties.isEnabled()
        && !fixedNames.isEmpty()
        && fixedNames.stream().allMatch(name -> apply(name).localOnly())) {
      log.warn(
          "The caches {} are all local-only, so none of them publishes or receives writes. Remove"
              + " {} to receive the writes of all nodes, and likewise for the other caches",
          fixedNames,
          node.names().ofCache(fixedNames.get(0), "local-only"));
    }
  }

  private Duration bound(String property, @Nullable Duration own) {
    return own == null ? properties.getMaxStaleness() : node.requireBound(property, own);
  }

  private void requireSendable(List<String> fixedNames) {
    for (int i = 0; i < fixedNames.size(); i++) {
      String name = fixedNames.get(i);
      try {
        if (!apply(name).localOnly()) {
          BodyWriter.requireName(name);
        }
      } catch (IllegalArgumentException refused) {
        throw new InvalidConfigurationPropertyValueException(
            node.names().ofElement("spring.cache.cache-names", i), name, refused.getMessage());
      }
    }
  }

  private void requireKnown(List<String> fixedNames) {
    for (String name : properties.getCaches().keySet()) {
      if (!fixedNames.isEmpty() && !fixedNames.contains(name)) {
        throw new InvalidConfigurationPropertyValueException(
            node.names().ofCache(name),
            "",
            "There is no cache '"
                + name
                + "': spring.cache.cache-names is "
                + fixedNames
                + ". Add '"
                + name
                + "' to spring.cache.cache-names, or correct the name. If a name has other"
                + " characters than letters, digits and dashes, write it in brackets, such as"
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
      String value = spec.toParsableString();
      return builder(value, failure -> unusable("The CaffeineSpec bean", value, failure));
    }
    if (builder != null) {
      CacheSettings settings = new CacheSettings(() -> builder, ANY_BOUND, false);
      return usable(
          () -> {
            settings.build().cleanUp();
            return settings;
          },
          failure -> unusable("The Caffeine bean", String.valueOf(builder), failure));
    }
    return Caffeine::newBuilder;
  }

  private static Supplier<Caffeine<Object, Object>> parsed(String property, String spec) {
    return builder(
        spec,
        failure ->
            new InvalidConfigurationPropertyValueException(
                property, spec, failure.getMessage() + ". " + REMEDY));
  }

  private static Supplier<Caffeine<Object, Object>> builder(
      String spec, Function<RuntimeException, RuntimeException> unusable) {
    return usable(() -> CacheSettings.ofSpec(spec, ANY_BOUND, false), unusable);
  }

  /** Returns the builder, or throws if the core refuses the settings. */
  private static Supplier<Caffeine<Object, Object>> usable(
      Supplier<CacheSettings> settings, Function<RuntimeException, RuntimeException> unusable) {
    try {
      return settings.get().builder();
    } catch (IllegalArgumentException failure) {
      throw unusable.apply(failure);
    }
  }

  private static InvalidSettingException unusable(
      String bean, String value, RuntimeException failure) {
    return new InvalidSettingException(
        bean + " is '" + value + "', which cannot be used: " + failure.getMessage(),
        REMEDY,
        failure);
  }
}
