package io.github.cacheinvalidation.autoconfigure.internal.provider;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * Finds out whether a bean of an application needs a bean of a type: by a parameter of its method
 * with {@code @Bean}, of a constructor or of an annotated method, or by an annotated field. Counts
 * optional dependencies too, such as an {@code ObjectProvider}. Does not see what a bean looks up
 * by itself. Looks at no class of Spring. Creates no bean.
 */
final class InjectionPoints {

  private static final List<String> ANNOTATIONS =
      List.of(Autowired.class.getName(), "jakarta.inject.Inject", "jakarta.annotation.Resource");

  private final ConfigurableListableBeanFactory beans;

  InjectionPoints(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /** Returns the name of the first bean that needs a bean of the type, or null. */
  @Nullable String beanThatNeeds(Class<?> type) {
    return Arrays.stream(beans.getBeanDefinitionNames())
        .filter(name -> needs(name, type))
        .findFirst()
        .orElse(null);
  }

  /**
   * A class that cannot be read completely, because a class is missing, counts as needing nothing.
   */
  private boolean needs(String name, Class<?> type) {
    try {
      return points(name).anyMatch(point -> asksFor(point, type));
    } catch (LinkageError missing) {
      return false;
    }
  }

  private static boolean asksFor(ResolvableType point, Class<?> type) {
    return point.toClass() == type
        || Arrays.stream(point.getGenerics()).anyMatch(part -> asksFor(part, type));
  }

  private Stream<ResolvableType> points(String name) {
    BeanDefinition definition = beans.getBeanDefinition(name);
    MethodMetadata factory =
        definition instanceof AnnotatedBeanDefinition annotated
            ? annotated.getFactoryMethodMetadata()
            : null;
    if (factory != null) {
      return ofClass(factory.getDeclaringClassName())
          .flatMap(declaring -> Arrays.stream(declaring.getDeclaredMethods()))
          .filter(method -> method.getName().equals(factory.getMethodName()))
          .flatMap(InjectionPoints::parameters);
    }
    String className = definition.getBeanClassName();
    return className == null ? Stream.empty() : ofClass(className).flatMap(InjectionPoints::points);
  }

  private static Stream<ResolvableType> points(Class<?> type) {
    Stream<ResolvableType> ofConstructors =
        Arrays.stream(type.getDeclaredConstructors()).flatMap(InjectionPoints::parameters);
    Stream<ResolvableType> ofMembers = Stream.empty();
    for (Class<?> of = type; of != null && of != Object.class; of = of.getSuperclass()) {
      ofMembers =
          Stream.of(
                  ofMembers,
                  Arrays.stream(of.getDeclaredFields())
                      .filter(field -> isInjected(MergedAnnotations.from(field)))
                      .map(InjectionPoints::of),
                  Arrays.stream(of.getDeclaredMethods())
                      .filter(method -> isInjected(MergedAnnotations.from(method)))
                      .flatMap(InjectionPoints::parameters))
              .flatMap(points -> points);
    }
    return Stream.concat(ofConstructors, ofMembers);
  }

  private static ResolvableType of(Field field) {
    return ResolvableType.forField(field);
  }

  private static Stream<ResolvableType> parameters(Executable executable) {
    return Arrays.stream(executable.getGenericParameterTypes()).map(ResolvableType::forType);
  }

  private static boolean isInjected(MergedAnnotations annotations) {
    return ANNOTATIONS.stream().anyMatch(annotations::isPresent);
  }

  /** Returns the class, unless it belongs to Spring or does not exist. */
  private Stream<Class<?>> ofClass(String name) {
    if (name.startsWith("org.springframework.")) {
      return Stream.empty();
    }
    try {
      return Stream.of(
          ClassUtils.getUserClass(ClassUtils.forName(name, beans.getBeanClassLoader())));
    } catch (ClassNotFoundException missing) {
      return Stream.empty();
    }
  }
}
