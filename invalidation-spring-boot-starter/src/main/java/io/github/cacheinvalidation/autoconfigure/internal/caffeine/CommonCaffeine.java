package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.autoconfigure.internal.provider.CandidateBeans;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.StringUtils;

/**
 * The configuration of the caches that have none of their own. At most one component is set.
 *
 * @param property the value of {@code spring.cache.caffeine.spec}
 * @param spec a spec that a bean of the application provides or sets
 * @param builder a builder that a bean of the application provides or sets
 */
public record CommonCaffeine(
    @Nullable String property,
    @Nullable CaffeineSpec spec,
    @Nullable Caffeine<Object, Object> builder) {

  public static final CommonCaffeine NONE = new CommonCaffeine(null, null, null);

  /**
   * Returns the configuration as Spring Boot chooses it: the property, or else a {@code
   * CaffeineSpec} bean, or else a {@code Caffeine} bean. A builder that is only for single caches
   * is not chosen.
   *
   * @param property the value of the property
   * @param ofSingleCaches the names or qualifiers of the builders of single caches
   */
  public static CommonCaffeine in(
      ConfigurableListableBeanFactory beans,
      @Nullable String property,
      Collection<String> ofSingleCaches) {
    if (StringUtils.hasText(property)) {
      return new CommonCaffeine(property, null, null);
    }
    CaffeineSpec spec = beans.getBeanProvider(CaffeineSpec.class).getIfAvailable();
    return spec != null
        ? new CommonCaffeine(null, spec, null)
        : new CommonCaffeine(null, null, builder(beans, ofSingleCaches));
  }

  private static @Nullable Caffeine<Object, Object> builder(
      ConfigurableListableBeanFactory beans, Collection<String> ofSingleCaches) {
    ResolvableType type =
        ResolvableType.forClassWithGenerics(Caffeine.class, Object.class, Object.class);
    List<String> names = new ArrayList<>(new CandidateBeans(beans).named(type));
    names.removeIf(
        name ->
            ofSingleCaches.stream()
                .anyMatch(
                    qualifier ->
                        BeanFactoryAnnotationUtils.isQualifierMatch(
                            qualifier::equals, name, beans)));
    if (names.size() == 1) {
      return cast(beans.getBean(names.get(0)));
    }
    try {
      return names.isEmpty() ? null : cast(beans.getBeanProvider(type).getIfAvailable());
    } catch (NoUniqueBeanDefinitionException several) {
      throw new InvalidSettingException(
          "There are several Caffeine beans for all caches, and none of them is primary: " + names,
          "Name the bean of a single cache in invalidation.caches.<name>.caffeine, mark the bean of"
              + " all other caches as @Primary, or set spring.cache.caffeine.spec",
          several);
    }
  }

  /** Returns the text of the property or the spec; an empty text if neither is set. */
  String text() {
    if (spec != null) {
      return spec.toParsableString();
    }
    return property == null ? "" : property;
  }

  @SuppressWarnings("unchecked") // the beans were found by this type
  private static @Nullable Caffeine<Object, Object> cast(@Nullable Object builder) {
    return (Caffeine<Object, Object>) builder;
  }
}
