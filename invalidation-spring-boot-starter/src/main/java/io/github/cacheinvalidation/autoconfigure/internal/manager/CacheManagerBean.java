package io.github.cacheinvalidation.autoconfigure.internal.manager;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.Assert;

/**
 * The bean of the cache manager of the node: its names, and whether the application uses it where
 * code names no cache manager.
 */
public final class CacheManagerBean {

  /** The name of the bean if it is the default and no other bean has that name. */
  public static final String DEFAULT_NAME = "cacheManager";

  /** Always a name or an alias of the bean. */
  public static final String NAME = "invalidationCacheManager";

  private CacheManagerBean() {}

  /** Returns the name of the bean in a context with the starter. Creates no bean. */
  public static String nameIn(ListableBeanFactory beans) {
    return beans.containsBeanDefinition(NAME) ? NAME : DEFAULT_NAME;
  }

  /** Returns the cache manager of a node that is no mock. */
  public static CoherentCacheManager of(DefaultInvalidationNode node) {
    CoherentCacheManager caches = node.cacheManager();
    Assert.state(
        caches != null,
        "The InvalidationNode bean has no cache manager, so it is a mock. Mock CacheManager"
            + " instead, or set invalidation.enabled to false");
    return caches;
  }

  /**
   * Returns whether the cache manager of the node is the default one of the context, and not beside
   * another one. The starter may be in a parent of the context. The notice that is looked up is
   * declared together with a default cache manager, and only then.
   */
  public static boolean isDefaultIn(ListableBeanFactory beans) {
    return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                beans, OtherManagersNotice.class, false, false)
            .length
        > 0;
  }
}
