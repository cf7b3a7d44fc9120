package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the cache operations of the singletons that exist, from their annotations. Operations of
 * lazy beans, of other scopes, of child contexts and of classes that AspectJ has woven are not
 * found. Creates no bean.
 */
public final class DeclaredOperations {

  private final ConfigurableListableBeanFactory beans;

  private final List<CacheOperationSource> sources = new ArrayList<>();

  private DeclaredOperations(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  public static Set<CacheOperation> in(ConfigurableListableBeanFactory beans) {
    return new DeclaredOperations(beans).find();
  }

  private Set<CacheOperation> find() {
    List<Class<?>> types = new ArrayList<>();
    for (String name : beans.getSingletonNames()) {
      Object bean = beans.getSingleton(name);
      if (bean instanceof CacheAspectSupport aspect) {
        addSource(aspect.getCacheOperationSource());
      }
      Class<?> type = bean == null ? null : cachedType(bean);
      if (type != null) {
        types.add(type);
      }
    }
    Set<CacheOperation> found = new LinkedHashSet<>();
    sources.forEach(source -> types.forEach(type -> add(found, source, type)));
    return found;
  }

  private void addSource(@Nullable CacheOperationSource source) {
    if (source != null) {
      sources.add(
          source instanceof RedirectedOperations redirected ? redirected.declared() : source);
    }
  }

  /** Returns the class whose methods can be advised, or null. */
  private static @Nullable Class<?> cachedType(Object bean) {
    if (bean instanceof FactoryBean<?> factory) {
      return factory.getObjectType(); // such as a repository
    }
    return bean instanceof Advised proxy
            && Arrays.stream(proxy.getAdvisors())
                .anyMatch(BeanFactoryCacheOperationSourceAdvisor.class::isInstance)
        ? AopUtils.getTargetClass(bean)
        : null;
  }

  private static void add(Set<CacheOperation> found, CacheOperationSource source, Class<?> type) {
    if (!source.isCandidateClass(type)) {
      return;
    }
    for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
      Collection<CacheOperation> operations = source.getCacheOperations(method, type);
      if (operations != null) {
        found.addAll(operations);
      }
    }
  }
}
