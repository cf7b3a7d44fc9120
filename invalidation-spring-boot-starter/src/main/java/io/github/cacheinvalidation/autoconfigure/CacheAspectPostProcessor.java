package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.cache.ViewResolver;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
final class CacheAspectPostProcessor implements BeanPostProcessor, PriorityOrdered {

  /** Contexts and their children know by this name that the starter is at work. */
  static final String BEAN_NAME = "invalidationCacheAspectPostProcessor";

  private final ConfigurableListableBeanFactory beans;

  private final CommonCacheResolver common;

  CacheAspectPostProcessor(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
    this.common = new CommonCacheResolver(beans);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof CacheAspectSupport aspect) {
      addViews(aspect, false);
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

  /**
   * Puts the views in front of an aspect that may have been called without them, unless it has them
   * already, and has it look for its common caches as Spring does at this moment.
   */
  void complete(CacheAspectSupport aspect) {
    if (!(aspect.getCacheOperationSource() instanceof RedirectedOperations present
        && present.areInUse())) {
      addViews(aspect, true);
    }
    if (aspect.getCacheOperationSource() instanceof RedirectedOperations complete) {
      complete.common().tellOfOtherManager();
    }
  }

  /** An aspect of AspectJ is one for all contexts, so it may come with operations of another. */
  private void addViews(CacheAspectSupport aspect, boolean late) {
    CacheOperationSource source = aspect.getCacheOperationSource();
    if (source == null) {
      return;
    }
    CacheOperationSource declared =
        source instanceof RedirectedOperations redirected ? redirected.declared() : source;
    RedirectedOperations operations = new RedirectedOperations(declared, aspect, common, late);
    ViewResolver views = new ViewResolver(new DeclaredCacheResolver(operations, beans));
    operations.useWith(views);
    aspect.setCacheOperationSource(operations);
    aspect.setCacheResolver(views);
  }
}
