package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.InvalidationNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Logs once, when the application starts, which cache manager of Spring Boot the cache manager of
 * the node replaces; or which setting or bean of another provider has no effect.
 */
final class ReplacedManagerNotice implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final CacheChoice choice;

  ReplacedManagerNotice(ConfigurableListableBeanFactory beans, Environment environment) {
    this.choice = new CacheChoice(beans, environment);
  }

  @Override
  public void afterSingletonsInstantiated() {
    String forNode = choice.forNode();
    if (forNode == null) {
      CacheChoice.Sign replaced = choice.automatic();
      if (replaced != null) {
        log.info(
            "Caches are Caffeine caches of this node. Without the starter Spring Boot would create"
                + " a {}, because it finds {}. To have that cache manager, set spring.cache.type to"
                + " {}. To avoid this line, set spring.cache.type to caffeine",
            ClassUtils.getShortName(replaced.provider().manager()),
            replaced.evidence(),
            replaced.provider().type());
      }
      return;
    }
    CacheChoice.Sign unused = choice.forAnother();
    if (unused != null) {
      log.info(
          "Caches are Caffeine caches of this node, as {} demands, so {} does not affect them",
          forNode,
          unused.evidence());
    }
  }
}
