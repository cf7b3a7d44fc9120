package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.cache.ViewResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Puts the views between Spring's cache aspects and the caches, before anything can be called, and
 * places cache advice outside transaction advice where the application has not said otherwise.
 *
 * <p>Has to be {@link PriorityOrdered}: the auto-proxy creator, which is only ordered, makes the
 * aspect's bean while later post-processors are not there yet.
 */
final class CacheAspectPostProcessor
    implements BeanPostProcessor, PriorityOrdered, BeanFactoryAware {

  private final ObjectProvider<CachingConfigurer> configurers;

  private final ObjectProvider<CacheManager> managers;

  private @Nullable BeanFactory beanFactory;

  CacheAspectPostProcessor(
      ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheManager> managers) {
    this.configurers = configurers;
    this.managers = managers;
  }

  @Override
  public void setBeanFactory(BeanFactory beanFactory) {
    this.beanFactory = beanFactory;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof CacheAspectSupport aspect) {
      addViews(aspect);
    } else if (bean instanceof BeanFactoryCacheOperationSourceAdvisor advisor
        && advisor.getOrder() == Ordered.LOWEST_PRECEDENCE) {
      advisor.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
    }
    return bean;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  private void addViews(CacheAspectSupport aspect) {
    CacheOperationSource declared = aspect.getCacheOperationSource();
    BeanFactory beans = beanFactory;
    if (declared == null || beans == null) {
      return;
    }
    RedirectedOperations operations = new RedirectedOperations(declared);
    aspect.setCacheOperationSource(operations);
    aspect.setCacheResolver(
        new ViewResolver(new DeclaredCacheResolver(operations, configurers, managers, beans)));
  }
}
