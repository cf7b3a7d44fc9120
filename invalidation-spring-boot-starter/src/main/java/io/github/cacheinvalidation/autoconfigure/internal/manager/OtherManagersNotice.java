package io.github.cacheinvalidation.autoconfigure.internal.manager;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Logs once, when the application starts, which caches receive no writes of other nodes because
 * they belong to cache managers beside the default one, which is that of the node.
 */
public final class OtherManagersNotice implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final DefaultInvalidationNode node;

  private final ConfigurableListableBeanFactory beans;

  public OtherManagersNotice(DefaultInvalidationNode node, ConfigurableListableBeanFactory beans) {
    this.node = node;
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<String> others = new OtherManagers(beans, node.cacheManager()).withCaches();
    if (!others.isEmpty()) {
      log.warn(
          "The caches of the cache managers {} receive no writes of other nodes. For a cache that"
              + " should receive them, use the cache manager '{}', which is the default one",
          others,
          CacheManagerBean.nameIn(beans));
    }
  }
}
