package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * Logs once, when the application starts, which beans use annotations of JSR-107 that store a
 * value. Their calls fail: Spring stores such a value without saying whether it was read or
 * written. Loads no class of JSR-107.
 */
public final class JCacheAnnotations implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  /** The bean that Spring declares if JSR-107 is on the class path. */
  private static final String ADVISOR = "org.springframework.cache.config.internalJCacheAdvisor";

  private static final List<String> STORING =
      List.of("javax.cache.annotation.CacheResult", "javax.cache.annotation.CachePut");

  private final ConfigurableListableBeanFactory beans;

  public JCacheAnnotations(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!beans.containsSingleton(ADVISOR) || !CacheManagerBean.isDefaultIn(beans)) {
      return;
    }
    Object advisor = beans.getSingleton(ADVISOR);
    Set<String> found = new TreeSet<>();
    for (String name : beans.getSingletonNames()) {
      if (beans.getSingleton(name) instanceof Advised proxy
          && Arrays.asList(proxy.getAdvisors()).contains(advisor)
          && Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(AopUtils.getTargetClass(proxy)))
              .anyMatch(JCacheAnnotations::stores)) {
        found.add(name);
      }
    }
    if (!found.isEmpty()) {
      log.warn(
          "The beans {} use @CacheResult or @CachePut of JSR-107 (javax.cache.annotation). Calls of"
              + " these methods fail when they store a value, because caches cannot tell whether it"
              + " was read or written. Use Spring's @Cacheable and @CachePut. @CacheRemove and"
              + " @CacheRemoveAll work, and are published",
          found);
    }
  }

  private static boolean stores(Method method) {
    MergedAnnotations present = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
    return STORING.stream().anyMatch(present::isPresent);
  }
}
