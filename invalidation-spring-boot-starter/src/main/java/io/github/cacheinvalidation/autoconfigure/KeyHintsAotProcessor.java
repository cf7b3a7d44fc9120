package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.autoconfigure.internal.annotation.KeyClasses;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;

/**
 * Registers for native images the classes that keys consist of, because keys are taken apart and
 * created by reflection. Runs at build time only. The classes are guessed from the parameters of
 * all methods with a cache annotation, also where a key is an expression: what it selects is mostly
 * a parameter or a part of one. If an expression uses the result, the class of the result counts
 * too.
 */
final class KeyHintsAotProcessor implements BeanFactoryInitializationAotProcessor {

  private static final MemberCategory[] MEMBERS = {
    MemberCategory.ACCESS_DECLARED_FIELDS,
    MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
    MemberCategory.INVOKE_DECLARED_METHODS
  };

  /** Also finds annotations of methods that are not public, which aspects of AspectJ handle. */
  private final CacheOperationSource operations = new AnnotationCacheOperationSource(false);

  @Override
  public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
      ConfigurableListableBeanFactory beans) {
    KeyClasses classes = new KeyClasses();
    for (String name : beans.getBeanDefinitionNames()) {
      Class<?> type = beans.getType(name, false);
      if (type != null && operations.isCandidateClass(type)) {
        addKeysOf(type, classes);
      }
    }
    Set<Class<?>> found = classes.found();
    return found.isEmpty()
        ? null
        : (generation, code) ->
            found.forEach(
                type -> generation.getRuntimeHints().reflection().registerType(type, MEMBERS));
  }

  private void addKeysOf(Class<?> type, KeyClasses classes) {
    MethodIntrospector.selectMethods(
            type,
            (MethodIntrospector.MetadataLookup<Collection<CacheOperation>>)
                method -> operations.getCacheOperations(method, type))
        .forEach((method, found) -> addKeysOf(type, method, found, classes));
  }

  private static void addKeysOf(
      Class<?> type, Method method, Collection<CacheOperation> found, KeyClasses classes) {
    for (int i = 0; i < method.getParameterCount(); i++) {
      classes.add(ResolvableType.forMethodParameter(method, i, type));
    }
    if (found.stream().anyMatch(operation -> operation.getKey().contains("#result"))) {
      classes.add(ResolvableType.forMethodReturnType(method, type));
    }
  }
}
