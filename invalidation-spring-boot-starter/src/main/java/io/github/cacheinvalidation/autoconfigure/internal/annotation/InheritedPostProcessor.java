package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.autoconfigure.internal.transaction.PersistenceContextSupport;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.TransactionSupport;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.util.function.SingletonSupplier;

/**
 * Applies the post-processors of the starter to the beans of one context: those of its parents if
 * the starter is there, otherwise the views to its own cache aspects.
 */
public final class InheritedPostProcessor implements BeanPostProcessor {

  private final ConfigurableListableBeanFactory beans;

  private final CacheAspectPostProcessor aspects;

  private final SingletonSupplier<List<BeanPostProcessor>> fromParents =
      SingletonSupplier.of(this::fromParents);

  public InheritedPostProcessor(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
    this.aspects = new CacheAspectPostProcessor(beans);
  }

  /**
   * Returns the post-processors that the starter of a context, or of its parents, applies to each
   * bean of a child.
   *
   * @param parent the context with the starter
   * @param child adds the views to the cache aspects of the child
   */
  static List<BeanPostProcessor> of(BeanFactory parent, CacheAspectPostProcessor child) {
    List<BeanPostProcessor> found = new ArrayList<>(List.of(child));
    parent.getBeanProvider(TransactionSupport.class).forEach(support -> add(support, found));
    parent.getBeanProvider(PersistenceContextSupport.class).forEach(support -> add(support, found));
    return found;
  }

  private static void add(Object support, List<BeanPostProcessor> found) {
    if (support instanceof BeanPostProcessor postProcessor) {
      found.add(postProcessor);
    }
  }

  /** Returns whether a context, or one of its parents, has the starter. */
  public static boolean isStarterIn(BeanFactory beans) {
    return beans.containsBean(CacheAspectPostProcessor.BEAN_NAME);
  }

  private List<BeanPostProcessor> fromParents() {
    BeanFactory parent = beans.getParentBeanFactory();
    return parent != null && isStarterIn(parent) ? of(parent, aspects) : List.of();
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    List<BeanPostProcessor> inherited = fromParents.obtain();
    for (BeanPostProcessor postProcessor : inherited) {
      postProcessor.postProcessAfterInitialization(bean, beanName);
    }
    if (inherited.isEmpty() && isOfAspects(bean) && isStarterIn(beans)) {
      aspects.postProcessAfterInitialization(bean, beanName);
    }
    return bean;
  }

  private static boolean isOfAspects(Object bean) {
    return bean instanceof CacheAspectSupport
        || bean instanceof BeanFactoryCacheOperationSourceAdvisor;
  }
}
