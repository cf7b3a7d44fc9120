package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Adds the cache views to cache aspects that the post-processors of the starter have not seen:
 * aspects that were created before the post-processors, or in a child context that no {@code
 * SpringApplication} created. A child context notifies its parents when it has been refreshed.
 * Until then, the puts of such an aspect are refused.
 *
 * <p>Also logs at start if the cache manager bean of the node is decorated.
 */
public final class LateCacheAspects
    implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent> {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final ConfigurableListableBeanFactory beans;

  private final CacheAspectPostProcessor aspects;

  public LateCacheAspects(ConfigurableListableBeanFactory beans, CacheAspectPostProcessor aspects) {
    this.beans = beans;
    this.aspects = aspects;
  }

  @Override
  public void afterSingletonsInstantiated() {
    support(beans, aspects);
    String name = CacheManagerBean.nameIn(beans);
    if (beans.getSingleton(name) instanceof CacheManager manager
        && !(manager instanceof CoherentCacheManager)) {
      log.info(
          "The CacheManager bean '{}' is a {} that wraps the cache manager of the node. Methods"
              + " with cache annotations use this bean. Their reads are not published. Their puts"
              + " are refused unless the caches of the {} return the native cache of the node and"
              + " put on the calling thread",
          name,
          manager.getClass().getName(),
          manager.getClass().getSimpleName());
    }
  }

  @Override
  public void onApplicationEvent(ContextRefreshedEvent event) {
    if (event.getApplicationContext() instanceof ConfigurableApplicationContext context
        && context.getBeanFactory() != beans) {
      ConfigurableListableBeanFactory child = context.getBeanFactory();
      support(child, new CacheAspectPostProcessor(child));
    }
  }

  private void support(ConfigurableListableBeanFactory context, CacheAspectPostProcessor views) {
    List<BeanPostProcessor> postProcessors = InheritedPostProcessor.of(beans, views);
    for (String name : context.getSingletonNames()) {
      Object bean = context.getSingleton(name);
      if (bean instanceof CacheAspectSupport aspect) {
        views.complete(aspect);
      } else if (bean != null) {
        for (BeanPostProcessor postProcessor : postProcessors) {
          postProcessor.postProcessAfterInitialization(bean, name);
        }
      }
    }
  }
}
