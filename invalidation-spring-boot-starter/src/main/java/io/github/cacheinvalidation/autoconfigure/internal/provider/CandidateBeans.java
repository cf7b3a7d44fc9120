package io.github.cacheinvalidation.autoconfigure.internal.provider;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.ResolvableType;

/**
 * Finds the beans of a context and its parents that Spring Boot would inject. As in the conditions
 * of Spring Boot, a bean with {@code defaultCandidate = false} is none of them. Creates no bean.
 */
public final class CandidateBeans {

  private final ConfigurableListableBeanFactory beans;

  public CandidateBeans(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /** Returns the names of the beans of a type. */
  public List<String> named(ResolvableType type) {
    return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false))
        .filter(this::isCandidate)
        .toList();
  }

  /**
   * Returns the name of the bean of a type that Spring Boot would inject where there may be one
   * only, or null: the single bean, else the single primary one, else the single one that is no
   * fallback.
   */
  @Nullable String single(ResolvableType type) {
    List<String> names = named(type);
    return Stream.of(
            names,
            names.stream().filter(name -> is(name, BeanDefinition::isPrimary)).toList(),
            names.stream().filter(name -> !is(name, BeanDefinition::isFallback)).toList())
        .filter(candidates -> candidates.size() == 1)
        .map(candidates -> candidates.get(0))
        .findFirst()
        .orElse(null);
  }

  private boolean is(String name, Predicate<BeanDefinition> property) {
    try {
      return property.test(beans.getMergedBeanDefinition(name));
    } catch (NoSuchBeanDefinitionException registeredWithoutDefinition) {
      return false;
    }
  }

  private boolean isCandidate(String name) {
    try {
      BeanDefinition definition = beans.getMergedBeanDefinition(name);
      return definition.isAutowireCandidate()
          && (!(definition instanceof AbstractBeanDefinition known) || known.isDefaultCandidate());
    } catch (NoSuchBeanDefinitionException registeredWithoutDefinition) {
      return true;
    }
  }
}
