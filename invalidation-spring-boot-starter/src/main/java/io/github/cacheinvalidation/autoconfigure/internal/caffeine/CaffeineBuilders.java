package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.CaffeineBuilderCustomizer;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Supplies the Caffeine builders of caches: from the spec or the {@link Caffeine} bean of one
 * cache, or from the {@link CommonCaffeine} configuration. Applies the customizers of the
 * application to builders that are new. Unusable configurations are refused when a supplier is
 * created.
 */
public final class CaffeineBuilders {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private static final String SPEC = "spring.cache.caffeine.spec";

  private static final String REMEDY =
      "Change it to a configuration that Caffeine can build without a loader, such as"
          + " maximumSize=10000,expireAfterWrite=10m";

  /** Placeholder: the staleness bound does not affect how a cache is built. */
  private static final Duration ANY_BOUND = Duration.ofSeconds(1);

  private final ConfigurableListableBeanFactory beans;

  private final List<CaffeineBuilderCustomizer> customizers;

  private final CommonCaffeine common;

  public CaffeineBuilders(ConfigurableListableBeanFactory beans, CommonCaffeine common) {
    this.beans = beans;
    this.common = common;
    this.customizers =
        beans.getBeanProvider(CaffeineBuilderCustomizer.class).orderedStream().toList();
    requireUsable();
  }

  /** Returns a supplier of the builder that is common to all caches, for one of them. */
  Supplier<Caffeine<Object, Object>> common(String cache) {
    Caffeine<Object, Object> builder = common.builder();
    return builder != null ? () -> builder : fresh(cache, common.text());
  }

  /**
   * Returns the spec that is common to all caches; null if code has made or changes the builder.
   */
  @Nullable String commonSpec() {
    return common.builder() == null ? unchanged(common.text()) : null;
  }

  /** Returns the given spec; null if customizers change the builders that are made from it. */
  @Nullable String unchanged(String spec) {
    return customizers.isEmpty() ? spec : null;
  }

  /** Returns a supplier of builders of a cache with a spec of its own. */
  Supplier<Caffeine<Object, Object>> ofSpec(String cache, String property, String spec) {
    return usable(
        () -> fresh(cache, spec),
        failure ->
            new InvalidConfigurationPropertyValueException(
                property, spec, failure.getMessage() + ". " + REMEDY));
  }

  /** Returns a supplier of the builder of a cache that is a bean. */
  Supplier<Caffeine<Object, Object>> ofBean(String property, String qualifier) {
    Caffeine<Object, Object> builder = bean(property, qualifier);
    return usable(
        () -> () -> builder,
        failure ->
            new InvalidConfigurationPropertyValueException(
                property, qualifier, failure.getMessage() + ". " + REMEDY));
  }

  @SuppressWarnings("unchecked") // a builder of other types fails at its first entry, as in Spring
  private Caffeine<Object, Object> bean(String property, String qualifier) {
    try {
      return (Caffeine<Object, Object>)
          BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, Caffeine.class, qualifier);
    } catch (NoSuchBeanDefinitionException missing) {
      throw new InvalidConfigurationPropertyValueException(
          property,
          qualifier,
          "There is no single Caffeine bean with this name or qualifier; the Caffeine beans are "
              + Arrays.toString(beans.getBeanNamesForType(Caffeine.class))
              + ". Declare the bean or correct the name");
    }
  }

  /**
   * Logs once if customizers are not applied to some caches.
   *
   * @param ofBeans the caches that are built by a bean of their own
   */
  public void tellOfUnusedCustomizers(Collection<String> ofBeans) {
    if (customizers.isEmpty() || (common.builder() == null && ofBeans.isEmpty())) {
      return;
    }
    log.warn(
        "The CaffeineBuilderCustomizer beans {} are not applied to {}: these are built by a"
            + " Caffeine bean, which is shared. Give these caches a spec, or change the Caffeine"
            + " bean",
        names(),
        common.builder() == null
            ? "the caches " + List.copyOf(ofBeans)
            : "the caches without a spec of their own");
  }

  /** A builder of a customized cache has no executor, because its listeners must not run on it. */
  private Supplier<Caffeine<Object, Object>> fresh(String cache, String spec) {
    if (customizers.isEmpty()) {
      return spec.isEmpty()
          ? Caffeine::newBuilder
          : CacheSettings.ofSpec(spec, ANY_BOUND, false).builder();
    }
    CaffeineSpec parsed = CaffeineSpec.parse(spec);
    return () -> {
      Caffeine<Object, Object> builder = Caffeine.from(parsed);
      customizers.forEach(customizer -> apply(customizer, cache, builder));
      return builder;
    };
  }

  private String names() {
    return Arrays.toString(beans.getBeanNamesForType(CaffeineBuilderCustomizer.class));
  }

  private void apply(
      CaffeineBuilderCustomizer customizer, String cache, Caffeine<Object, Object> builder) {
    try {
      customizer.customize(cache, builder);
    } catch (RuntimeException failure) {
      throw new InvalidSettingException(
          "The CaffeineBuilderCustomizer beans "
              + names()
              + " cannot be applied to cache '"
              + cache
              + "': "
              + failure.getMessage(),
          "Change them, or remove the same setting from the spec of the cache",
          failure);
    }
  }

  private void requireUsable() {
    String property = common.property();
    CaffeineSpec spec = common.spec();
    Caffeine<Object, Object> builder = common.builder();
    if (property != null) {
      requireUsable(
          property,
          failure ->
              new InvalidConfigurationPropertyValueException(
                  SPEC, property, failure.getMessage() + ". " + REMEDY));
    } else if (spec != null) {
      String value = spec.toParsableString();
      requireUsable(value, failure -> unusable("The CaffeineSpec bean", value, failure));
    } else if (builder != null) {
      usable(
          () -> () -> builder,
          failure -> unusable("The Caffeine bean", String.valueOf(builder), failure));
    }
  }

  /** With customizers, only the text is tested: a weigher, for example, may come from one. */
  private void requireUsable(String spec, Function<RuntimeException, RuntimeException> unusable) {
    try {
      fresh("", spec);
    } catch (IllegalArgumentException failure) {
      throw unusable.apply(failure);
    }
  }

  /** Returns the supplier, or throws if it cannot be created or the core refuses its builder. */
  private static Supplier<Caffeine<Object, Object>> usable(
      Supplier<Supplier<Caffeine<Object, Object>>> source,
      Function<RuntimeException, RuntimeException> unusable) {
    try {
      Supplier<Caffeine<Object, Object>> builder = source.get();
      new CacheSettings(builder, ANY_BOUND, false).build().cleanUp();
      return builder;
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
