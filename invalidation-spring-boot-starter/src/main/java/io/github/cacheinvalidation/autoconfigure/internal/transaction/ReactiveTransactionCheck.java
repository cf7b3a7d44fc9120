package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import java.lang.reflect.Method;
import java.util.Collection;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Stops the start if a method would run its cache operations inside a reactive transaction. A cache
 * cannot see a reactive transaction, so it would evict before the commit and store values that may
 * be rolled back. If cache advice is outside transaction advice, cache operations run after the
 * commit, and no method is refused.
 */
public final class ReactiveTransactionCheck implements SmartInitializingSingleton {

  private final ConfigurableListableBeanFactory beans;

  public ReactiveTransactionCheck(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!ReactiveAdapterRegistry.getSharedInstance().hasAdapters()
        || beans.getBeanNamesForType(ReactiveTransactionManager.class, true, false).length == 0) {
      return;
    }
    BeanFactoryCacheOperationSourceAdvisor cacheAdvice =
        beans.getBeanProvider(BeanFactoryCacheOperationSourceAdvisor.class).getIfUnique();
    BeanFactoryTransactionAttributeSourceAdvisor transactionAdvice =
        beans.getBeanProvider(BeanFactoryTransactionAttributeSourceAdvisor.class).getIfUnique();
    if (cacheAdvice != null
        && transactionAdvice != null
        && cacheAdvice.getOrder() >= transactionAdvice.getOrder()) {
      Methods methods =
          new Methods(
              cacheAdvice.getOrder(),
              transactionAdvice.getOrder(),
              CacheManagerBean.isDefaultIn(beans));
      for (String name : beans.getBeanDefinitionNames()) {
        Class<?> type = beans.getType(name, false);
        if (type != null) {
          methods.check(ClassUtils.getUserClass(type));
        }
      }
    }
  }

  /** Reads annotations as both advices do. Created only if the order of the advices is wrong. */
  private static final class Methods {

    private final AnnotationCacheOperationSource caching =
        new AnnotationCacheOperationSource(false);

    private final AnnotationTransactionAttributeSource transactions =
        new AnnotationTransactionAttributeSource(false);

    private final ReactiveAdapterRegistry reactive = ReactiveAdapterRegistry.getSharedInstance();

    private final int cacheOrder;

    private final int transactionOrder;

    /** Whether operations that name no cache manager use that of the node. */
    private final boolean isDefault;

    Methods(int cacheOrder, int transactionOrder, boolean isDefault) {
      this.cacheOrder = cacheOrder;
      this.transactionOrder = transactionOrder;
      this.isDefault = isDefault;
    }

    private void check(Class<?> type) {
      if (!caching.isCandidateClass(type) || !transactions.isCandidateClass(type)) {
        return;
      }
      for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
        if (reactive.getAdapter(method.getReturnType()) != null && isBoth(method, type)) {
          throw new IllegalStateException(
              "The cache operations of "
                  + ClassUtils.getQualifiedMethodName(method, type)
                  + " would run inside its reactive transaction, before the commit: cache advice"
                  + " has the order "
                  + cacheOrder
                  + ", which is not below "
                  + transactionOrder
                  + ", the order of transaction advice. Give @EnableCaching an order below that of"
                  + " @EnableTransactionManagement, or remove both orders");
        }
      }
    }

    private boolean isBoth(Method method, Class<?> type) {
      Collection<CacheOperation> operations = caching.getCacheOperations(method, type);
      return operations != null
          && operations.stream().anyMatch(this::mayUseTheNode)
          && transactions.getTransactionAttribute(method, type) != null;
    }

    private boolean mayUseTheNode(CacheOperation operation) {
      return isDefault || CacheManagerBean.NAME.equals(operation.getCacheManager());
    }
  }
}
