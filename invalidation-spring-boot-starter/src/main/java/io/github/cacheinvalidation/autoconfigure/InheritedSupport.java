package io.github.cacheinvalidation.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.function.SingletonSupplier;

/**
 * Applies the post-processors of the starter to the beans of every context that a {@code
 * SpringApplication} creates, from the first bean on. A post-processor that is a bean would miss
 * the beans of child contexts and the beans that are created before it.
 */
final class InheritedSupport
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.addBeanPostProcessor(new Inherited(beans));
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

  static boolean isStarterIn(BeanFactory beans) {
    return beans.containsBean(CacheAspectPostProcessor.BEAN_NAME);
  }

  /** Post-processes the beans of one context. */
  private static final class Inherited implements BeanPostProcessor {

    private final ConfigurableListableBeanFactory beans;

    private final CacheAspectPostProcessor aspects;

    private final SingletonSupplier<List<BeanPostProcessor>> fromParents =
        SingletonSupplier.of(this::fromParents);

    Inherited(ConfigurableListableBeanFactory beans) {
      this.beans = beans;
      this.aspects = new CacheAspectPostProcessor(beans);
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
}
