package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.ViewResolver;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Inserts the cache views between cache aspects and caches before an aspect is used, and places
 * cache advice outside transaction advice unless the application has set an order or a default
 * cache manager of its own.
 *
 * <p>Must be {@link PriorityOrdered}: the auto-proxy creator, which is only ordered, creates the
 * aspect bean before later post-processors are registered.
 */
public final class CacheAspectPostProcessor implements BeanPostProcessor, PriorityOrdered {

  /** A bean with this name shows a context and its children that the starter is active. */
  public static final String BEAN_NAME = "invalidationCacheAspectPostProcessor";

  private final ConfigurableListableBeanFactory beans;

  private final CommonCacheResolver common;

  public CacheAspectPostProcessor(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
    this.common = new CommonCacheResolver(beans);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof CacheAspectSupport aspect) {
      addViews(aspect, false);
    } else if (bean instanceof BeanFactoryCacheOperationSourceAdvisor advisor
        && advisor.getOrder() == Ordered.LOWEST_PRECEDENCE
        && CacheManagerBean.isDefaultIn(beans)) {
      advisor.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
    }
    return bean;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /**
   * Adds the views to an aspect that may have been used without them, unless it has them already,
   * and logs if its common cache manager is not that of the node.
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

  /**
   * An AspectJ aspect is shared by all contexts, so it may already have operations of another
   * context.
   */
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
