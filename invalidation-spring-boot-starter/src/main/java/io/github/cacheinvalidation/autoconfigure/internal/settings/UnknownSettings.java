package io.github.cacheinvalidation.autoconfigure.internal.settings;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.annotation.DeclaredOperations;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Logs once, when the application starts, which settings of the starter have no effect because
 * their names are wrong: unknown properties, and settings of caches that nothing uses.
 *
 * <p>An unknown property does not stop the start: nodes of two versions may share a configuration.
 * A cache may be used by code that the start does not see, so settings of an unknown cache are only
 * a warning if its name is almost that of a known cache.
 */
public final class UnknownSettings implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final DefaultInvalidationNode node;

  private final InvalidationProperties properties;

  private final Environment environment;

  private final ConfigurableListableBeanFactory beans;

  public UnknownSettings(
      DefaultInvalidationNode node,
      InvalidationProperties properties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    this.node = node;
    this.properties = properties;
    this.environment = environment;
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    tellOfProperties();
    Set<String> configured = properties.getCaches().keySet();
    if (!configured.isEmpty()) {
      tellOfCaches(configured);
    }
  }

  private void tellOfProperties() {
    try {
      Binder.get(environment)
          .bind(
              "invalidation",
              Bindable.of(InvalidationProperties.class),
              new NoUnboundElementsBindHandler(
                  BindHandler.DEFAULT, UnknownSettings::hasExactNames));
    } catch (BindException failure) {
      if (failure.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
        List<String> named =
            unknown.getUnboundProperties().stream()
                .map(
                    property ->
                        property.getOrigin() == null
                            ? property.getName().toString()
                            : property.getName() + " (" + property.getOrigin() + ")")
                .toList();
        log.warn(
            "The starter knows no properties {}, so they have no effect. Correct their names, or"
                + " remove them",
            named);
      }
    }
  }

  /**
   * The name of an environment variable does not show where the names of properties have dashes.
   */
  private static boolean hasExactNames(ConfigurationPropertySource source) {
    return !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
  }

  private void tellOfCaches(Set<String> configured) {
    List<String> managers =
        CacheManagerBean.isDefaultIn(beans)
            ? List.of("", CacheManagerBean.NAME, CacheManagerBean.nameIn(beans))
            : List.of(CacheManagerBean.NAME);
    Set<String> known = new TreeSet<>(node.cacheManager().getCacheNames());
    for (CacheOperation operation : DeclaredOperations.in(beans)) {
      if (managers.contains(operation.getCacheManager())) {
        known.addAll(operation.getCacheNames());
      }
    }
    for (String name : configured) {
      String nearest = known.contains(name) ? null : Spelling.nearest(name, known);
      if (nearest != null) {
        log.warn(
            "No annotated method uses cache '{}', which has settings below {}. Is cache '{}' meant?"
                + " Correct the name, unless code without annotations uses cache '{}'",
            name,
            SettingNames.prefix(name),
            nearest,
            name);
      }
    }
  }
}
