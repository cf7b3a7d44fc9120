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
 * Lets the starter see the beans of every context that a {@code SpringApplication} makes, from the
 * first bean on. A post-processor that is a bean sees only the beans of its own context, so not
 * those of its children, and only beans that are made after it.
 */
final class InheritedSupport
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.addBeanPostProcessor(new Inherited(beans));
  }

  /**
   * Returns what the starter of a context or of its parents does to each bean of a child.
   *
   * @param parent where the starter is
   * @param child whose aspects get the views
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

  private static boolean isStarterIn(BeanFactory beans) {
    return beans.containsBean(CacheAspectPostProcessor.BEAN_NAME);
  }

  /** Looks at the beans of one context. */
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
