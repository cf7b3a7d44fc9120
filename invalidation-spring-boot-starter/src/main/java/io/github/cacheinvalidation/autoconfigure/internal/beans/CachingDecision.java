package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.beans.CoherentCachingConfiguration.CachingConfiguration;
import io.github.cacheinvalidation.autoconfigure.internal.provider.CacheChoice;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Decides whether the starter may switch on caching. It does not where the application has an
 * {@code @EnableCaching} that is not in effect, unless {@code invalidation.enable-caching} decides.
 * Where the application has switched on caching, there is nothing to decide.
 */
final class CachingDecision {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  static final String PROPERTY = "invalidation.enable-caching";

  private CachingDecision() {}

  /**
   * Returns why caching stays off, or null if caching is on or may be. A cache manager of the
   * application is a use of its own, so the starter then offers its cache manager beside it.
   */
  static @Nullable NotDefaultReason against(
      ConfigurableListableBeanFactory beans, Environment environment, ResourceLoader loader) {
    CacheChoice choice = new CacheChoice(beans, environment);
    if (choice.isCachingOn() || !choice.managers().isEmpty()) {
      return null;
    }
    Boolean wanted = wanted(environment);
    if (wanted != null) {
      return wanted
          ? null
          : new NotDefaultReason(
              "caching is off, because "
                  + PROPERTY
                  + " is false and the application does not enable caching",
              "set it to true, or remove it");
    }
    Collection<String> dormant = DormantCaching.in(beans, environment, loader);
    return dormant.isEmpty()
        ? null
        : new NotDefaultReason(
            "caching is off, because @EnableCaching of "
                + dormant
                + " is not in effect, for example because of its profile or condition",
            "set " + PROPERTY + " to true");
  }

  /** Returns what the property says, or null if it is not set. */
  static @Nullable Boolean wanted(Environment environment) {
    return Binder.get(environment).bind(PROPERTY, Boolean.class).orElse(null);
  }

  /** Logs if the starter has switched on caching. */
  static void tell(ListableBeanFactory beans, @Nullable Boolean wanted) {
    if (beans.getBeanNamesForType(CachingConfiguration.class, true, false).length > 0) {
      log.info(
          "This starter switches on caching, because {}. To keep caching off, set {} to false",
          Boolean.TRUE.equals(wanted)
              ? PROPERTY + " is true"
              : "the application has no @EnableCaching",
          PROPERTY);
    }
  }
}
