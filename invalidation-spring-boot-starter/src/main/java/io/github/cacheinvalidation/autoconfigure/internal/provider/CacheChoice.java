package io.github.cacheinvalidation.autoconfigure.internal.provider;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds which caches an application means. A setting or bean for Caffeine decides for the caches of
 * the node. Without one, a setting or bean for the caches of another provider decides against them,
 * if Spring Boot could choose that provider. A bean that needs what Spring Boot would declare for a
 * provider decides against them too; then only {@code spring.cache.type} decides for them.
 */
public final class CacheChoice {

  public static final String TYPE = "spring.cache.type";

  private static final String SPEC = "spring.cache.caffeine.spec";

  private static final String STALENESS = "invalidation.max-staleness";

  private static final ConfigurationPropertyName CACHES =
      ConfigurationPropertyName.of("invalidation.caches");

  private static final String JCACHE_PROVIDER = "spring.cache.jcache.provider";

  private static final String JCACHE_SERVICE = "META-INF/services/javax.cache.spi.CachingProvider";

  private final Environment environment;

  private final CandidateBeans beans;

  private final InjectionPoints points;

  private final @Nullable ClassLoader loader;

  public CacheChoice(ConfigurableListableBeanFactory beans, Environment environment) {
    this.environment = environment;
    this.beans = new CandidateBeans(beans);
    this.points = new InjectionPoints(beans);
    this.loader = beans.getBeanClassLoader();
  }

  /**
   * A cache provider, and what points to it.
   *
   * @param evidence the property, bean or file, as the subject of a sentence
   */
  public record Sign(CacheProvider provider, String evidence) {}

  public static boolean isCaffeine(String type) {
    return "caffeine".equalsIgnoreCase(type.strip());
  }

  /** Returns whether {@code spring.cache.type} switches off all caches. */
  public static boolean isNone(Environment environment) {
    return "none".equalsIgnoreCase(environment.getProperty(TYPE, "").strip());
  }

  /** Returns the value of {@code spring.cache.type} if that selects other caches, or null. */
  public @Nullable String otherType() {
    String type = environment.getProperty(TYPE);
    return StringUtils.hasText(type) && !isCaffeine(type) ? type : null;
  }

  /** Returns whether the application has switched on caching. */
  public boolean isCachingOn() {
    return !beans.named(ResolvableType.forClass(CacheAspectSupport.class)).isEmpty();
  }

  /** Returns the names of the cache managers that the application declares. */
  public List<String> managers() {
    return beans.named(ResolvableType.forClass(CacheManager.class));
  }

  /** Returns the setting or bean that decides for the caches of the node, or null. */
  public @Nullable String forNode() {
    if (isSet(TYPE)) {
      return "the property " + TYPE;
    }
    String ofCaffeine = ofCaffeine();
    return ofCaffeine != null && Arrays.stream(CacheProvider.values()).noneMatch(this::isNeeded)
        ? ofCaffeine
        : null;
  }

  /** Returns the first setting or bean that configures Caffeine caches, or null. */
  private @Nullable String ofCaffeine() {
    for (String property : List.of(SPEC, STALENESS)) {
      if (isSet(property)) {
        return "the property " + property;
      }
    }
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source.containsDescendantOf(CACHES) == ConfigurationPropertyState.PRESENT) {
        return "a property below " + CACHES;
      }
    }
    String spec = bean(ResolvableType.forClass(CaffeineSpec.class));
    return spec != null
        ? spec
        : bean(ResolvableType.forClassWithGenerics(Caffeine.class, Object.class, Object.class));
  }

  /**
   * Returns the first setting or bean that configures the caches of another provider, or null. Does
   * not count a provider that Spring Boot could not choose: its settings and beans have no effect
   * without the starter either.
   */
  public @Nullable Sign forAnother() {
    for (CacheProvider provider : CacheProvider.values()) {
      String evidence = canBeChosen(provider) ? evidence(provider) : null;
      if (evidence != null) {
        return new Sign(provider, evidence);
      }
    }
    return null;
  }

  /**
   * Returns a setting or bean of each provider that Spring Boot could not choose. Leaves out
   * customizers of cache managers, see {@code UnusedBeans}.
   */
  List<Sign> withoutEffect() {
    List<Sign> signs = new ArrayList<>();
    for (CacheProvider provider : CacheProvider.values()) {
      String evidence = canBeChosen(provider) ? null : setting(provider);
      if (evidence != null) {
        signs.add(new Sign(provider, evidence));
      }
    }
    return signs;
  }

  /**
   * Returns the provider that Spring Boot would choose without the starter and without a setting,
   * or null if that is Caffeine.
   */
  @Nullable Sign automatic() {
    for (CacheProvider provider : CacheProvider.values()) {
      String reason = reason(provider);
      if (reason != null) {
        return new Sign(provider, reason);
      }
    }
    return null;
  }

  private @Nullable String evidence(CacheProvider provider) {
    String setting = setting(provider);
    if (setting != null) {
      return setting;
    }
    ResolvableType manager = type(provider.manager());
    String customizer =
        manager == null
            ? null
            : bean(ResolvableType.forClassWithGenerics(CacheManagerCustomizer.class, manager));
    return customizer == null && declaresBean(provider) ? need(provider) : customizer;
  }

  /** Returns the bean that needs what Spring Boot would declare for a provider, or null. */
  private @Nullable String need(CacheProvider provider) {
    for (String declared : provider.declared()) {
      ResolvableType type = type(declared);
      String bean = type == null ? null : points.beanThatNeeds(type.toClass());
      if (type != null && bean != null) {
        return "the bean '" + bean + "', which needs a " + ClassUtils.getShortName(type.toClass());
      }
    }
    return null;
  }

  private @Nullable String setting(CacheProvider provider) {
    for (String property : provider.properties()) {
      if (isSet(property)) {
        return "the property " + property;
      }
    }
    for (String sign : provider.signs()) {
      String bean = bean(type(sign));
      if (bean != null) {
        return bean;
      }
    }
    return null;
  }

  /** Returns whether other beans need what Spring Boot would declare for a provider. */
  private boolean isNeeded(CacheProvider provider) {
    return declaresBean(provider) && canBeChosen(provider) && evidence(provider) != null;
  }

  /** Without a cache aspect Spring Boot declares no cache manager. */
  private boolean declaresBean(CacheProvider provider) {
    return !provider.declared().isEmpty() && isCachingOn();
  }

  private boolean canBeChosen(CacheProvider provider) {
    return reason(provider) != null;
  }

  /** Returns why the conditions of Spring Boot for a provider are met, or null if they are not. */
  private @Nullable String reason(CacheProvider provider) {
    if (type(provider.manager()) == null
        || !provider.libraries().stream().allMatch(name -> type(name) != null)) {
      return null;
    }
    String client = provider.client();
    if (client != null) {
      return provider.needsSingleClient() ? single(client) : bean(type(client));
    }
    if (provider == CacheProvider.JCACHE) {
      return reasonForJCache();
    }
    return "the class " + provider.manager();
  }

  private @Nullable String reasonForJCache() {
    if (isSet(JCACHE_PROVIDER)) {
      return "the property " + JCACHE_PROVIDER;
    }
    return hasOneJCacheProvider()
        ? "the file " + JCACHE_SERVICE
        : single("javax.cache.CacheManager");
  }

  /** With several providers Spring Boot does not choose JCache. */
  private boolean hasOneJCacheProvider() {
    try {
      return loader != null && Collections.list(loader.getResources(JCACHE_SERVICE)).size() == 1;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private boolean isSet(String property) {
    return StringUtils.hasText(environment.getProperty(property));
  }

  private @Nullable String bean(@Nullable ResolvableType type) {
    if (type == null) {
      return null;
    }
    List<String> names = beans.named(type);
    return names.isEmpty() ? null : described(type, names.get(0));
  }

  private @Nullable String single(String typeName) {
    ResolvableType type = type(typeName);
    String name = type == null ? null : beans.single(type);
    return type == null || name == null ? null : described(type, name);
  }

  private static String described(ResolvableType type, String name) {
    return "the " + ClassUtils.getShortName(type.toClass()) + " bean '" + name + "'";
  }

  private @Nullable ResolvableType type(String name) {
    return ClassUtils.isPresent(name, loader)
        ? ResolvableType.forClass(ClassUtils.resolveClassName(name, loader))
        : null;
  }
}
