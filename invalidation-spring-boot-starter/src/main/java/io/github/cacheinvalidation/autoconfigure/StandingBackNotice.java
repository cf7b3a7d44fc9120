package io.github.cacheinvalidation.autoconfigure;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.CacheManager;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Logs once, when the application starts, why the starter is inactive. */
final class StandingBackNotice implements SmartInitializingSingleton {

  private static final Logger log =
      LoggerFactory.getLogger(CacheInvalidationAutoConfiguration.class);

  private final Environment environment;

  private final ListableBeanFactory beans;

  StandingBackNotice(Environment environment, ListableBeanFactory beans) {
    this.environment = environment;
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    String type = environment.getProperty(OnCaffeineCacheType.PROPERTY);
    if (StringUtils.hasText(type) && !"caffeine".equalsIgnoreCase(type.strip())) {
      log.info(
          "Cache invalidation is inactive: spring.cache.type is {}. Remove it, or set it to"
              + " caffeine, to use local caches that receive the writes of all nodes",
          type);
    } else {
      log.info(
          "Cache invalidation is inactive: the application has a cache manager of its own, {}."
              + " Remove it, or declare it with @Bean(defaultCandidate = false), to use local"
              + " caches that receive the writes of all nodes",
          Arrays.toString(beans.getBeanNamesForType(CacheManager.class, true, false)));
    }
  }
}
