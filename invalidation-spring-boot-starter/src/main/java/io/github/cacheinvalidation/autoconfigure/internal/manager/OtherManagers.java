package io.github.cacheinvalidation.autoconfigure.internal.manager;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;

/**
 * The cache manager beans beside that of the node, with the caches that they have at present and
 * that are not caches of the node. Creates no bean.
 */
public final class OtherManagers {

  private final ConfigurableListableBeanFactory beans;

  private final NodeCaches caches;

  public OtherManagers(ConfigurableListableBeanFactory beans, CoherentCacheManager ofNode) {
    this.beans = beans;
    this.caches = new NodeCaches(ofNode);
  }

  /** Returns whether there is no such bean, whatever its caches. */
  public boolean isEmpty() {
    return names().findAny().isEmpty();
  }

  /** Returns the names of the beans with other caches, each with the names of these caches. */
  public List<String> withCaches() {
    return names().map(this::described).filter(text -> !text.isEmpty()).toList();
  }

  private Stream<String> names() {
    String own = CacheManagerBean.nameIn(beans);
    return Stream.of(
            BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                beans, CacheManager.class, true, false))
        .filter(name -> !name.equals(own));
  }

  /** Returns an empty text if the manager has no caches but those of the node. */
  private String described(String name) {
    if (!(singleton(name) instanceof CacheManager manager)) {
      return name;
    }
    List<String> names = caches.othersOf(manager);
    if (names.isEmpty()) {
      return manager instanceof NoOpCacheManager || caches.areShownBy(manager) ? "" : name;
    }
    return name + " (" + String.join(", ", names) + ")";
  }

  private @Nullable Object singleton(String name) {
    if (beans.containsLocalBean(name)) {
      return beans.getSingleton(name);
    }
    return beans.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent
        ? parent.getSingleton(name)
        : null;
  }
}
