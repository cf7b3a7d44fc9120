package io.github.cacheinvalidation.autoconfigure.internal.provider;

import io.github.cacheinvalidation.InvalidationNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Logs once, when the application starts, which cache manager of Spring Boot the cache manager of
 * the node replaces, and which settings and beans of other providers have no effect.
 */
public final class ReplacedManagerNotice implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final CacheChoice choice;

  public ReplacedManagerNotice(ConfigurableListableBeanFactory beans, Environment environment) {
    this.choice = new CacheChoice(beans, environment);
  }

  @Override
  public void afterSingletonsInstantiated() {
    choice.withoutEffect().forEach(ReplacedManagerNotice::tellWithoutEffect);
    String forNode = choice.forNode();
    if (forNode == null) {
      tellReplaced(choice.automatic());
    } else {
      tellUnused(forNode, choice.forAnother());
    }
  }

  private static void tellWithoutEffect(CacheChoice.Sign sign) {
    log.info(
        "{} has no effect, with this starter or without: caches of type {} need {}. Remove what has"
            + " no effect, or add what is missing",
        StringUtils.capitalize(sign.evidence()),
        sign.provider().type(),
        sign.provider().needs());
  }

  private static void tellReplaced(CacheChoice.@Nullable Sign replaced) {
    if (replaced != null) {
      log.info(
          "Caches are Caffeine caches of this node. Without the starter Spring Boot would create"
              + " a {}, because it finds {}. To have that cache manager, set spring.cache.type to"
              + " {}. To avoid this line, set spring.cache.type to caffeine",
          ClassUtils.getShortName(replaced.provider().manager()),
          replaced.evidence(),
          replaced.provider().type());
    }
  }

  private static void tellUnused(String forNode, CacheChoice.@Nullable Sign unused) {
    if (unused != null) {
      log.info(
          "Caches are Caffeine caches of this node, as {} demands, so {} does not affect them",
          forNode,
          unused.evidence());
    }
  }
}
