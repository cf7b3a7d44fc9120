package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
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

/**
 * Returns the settings of a cache by name: its own spec or builder, or else the common
 * configuration. Unusable settings are refused when this object is created.
 */
public final class CacheSettingsByName implements Function<String, CacheSettings> {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final InvalidationProperties properties;

  private final NodeSettings node;

  private final CaffeineBuilders builders;

  private final boolean allowNullValues;

  public CacheSettingsByName(
      InvalidationProperties properties,
      NodeSettings node,
      CaffeineBuilders builders,
      List<String> fixedNames,
      boolean allowNullValues) {
    this.properties = properties;
    this.node = node;
    this.builders = builders;
    this.allowNullValues = allowNullValues;
    requireKnown(fixedNames);
    properties.getCaches().keySet().forEach(this::apply);
    requireSendable(fixedNames);
  }

  @Override
  public CacheSettings apply(String name) {
    InvalidationProperties.CacheEntry own = properties.getCaches().get(name);
    boolean local = !properties.isEnabled();
    if (own == null) {
      return new CacheSettings(
          builders.common(name),
          builders.commonSpec(),
          properties.getMaxStaleness(),
          local,
          allowNullValues);
    }
    return new CacheSettings(
        builder(name, own),
        spec(own),
        bound(node.names().ofCache(name, "max-staleness"), own.getMaxStaleness()),
        local || own.isLocalOnly(),
        allowNullValues);
  }

  private @Nullable String spec(InvalidationProperties.CacheEntry own) {
    if (own.getCaffeine() != null) {
      return null;
    }
    String spec = own.getSpec();
    return spec == null ? builders.commonSpec() : builders.unchanged(spec);
  }

  private Supplier<Caffeine<Object, Object>> builder(
      String name, InvalidationProperties.CacheEntry own) {
    String ofSpec = node.names().ofCache(name, "spec");
    String ofBean = node.names().ofCache(name, "caffeine");
    String spec = own.getSpec();
    String bean = own.getCaffeine();
    if (spec != null && bean != null) {
      throw new InvalidConfigurationPropertyValueException(
          ofBean, bean, ofSpec + " is set too. Remove one of the two");
    }
    if (bean != null) {
      return builders.ofBean(ofBean, bean);
    }
    return spec == null ? builders.common(name) : builders.ofSpec(name, ofSpec, spec);
  }

  /**
   * Logs if no cache can ever receive a write. Without fixed names, others may be created later.
   */
  public void tellIfAllAreLocal(List<String> fixedNames) {
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
}
