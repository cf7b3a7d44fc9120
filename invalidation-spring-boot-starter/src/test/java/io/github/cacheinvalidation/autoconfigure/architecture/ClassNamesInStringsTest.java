package io.github.cacheinvalidation.autoconfigure.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import io.github.cacheinvalidation.architecture.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureAfter;
import org.springframework.boot.autoconfigure.AutoConfigureBefore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.StringUtils;

/**
 * A class name in a string is checked by no compiler, so here it is loaded. Names of
 * auto-configurations that are not on the class path are compared with those that Spring Boot's own
 * auto-configuration of caches names.
 */
@Tag("source")
class ClassNamesInStringsTest {

  /** The attributes that hold class names, by the annotation's name. */
  private static final Map<String, Set<String>> ATTRIBUTES =
      Map.of(
          AutoConfiguration.class.getName(), Set.of("beforeName", "afterName"),
          AutoConfigureAfter.class.getName(), Set.of("name"),
          AutoConfigureBefore.class.getName(), Set.of("name"),
          ConditionalOnClass.class.getName(), Set.of("name"),
          ConditionalOnMissingClass.class.getName(), Set.of("value"),
          ConditionalOnBean.class.getName(), Set.of("type"),
          ConditionalOnMissingBean.class.getName(), Set.of("type", "ignoredType"));

  @Test
  void classNameInAnnotation_resolves() {
    List<String> names = new ArrayList<>();
    for (JavaClass type : Starter.types()) {
      Stream.concat(
              type.getAnnotations().stream(),
              type.getMethods().stream().flatMap(method -> method.getAnnotations().stream()))
          .flatMap(ClassNamesInStringsTest::names)
          .forEach(names::add);
    }

    Set<String> ofSpringBoot =
        Set.of(
            requireNonNull(CacheAutoConfiguration.class.getAnnotation(AutoConfiguration.class))
                .afterName());

    assertThat(names)
        .as("class names in annotations")
        .isNotEmpty()
        .allMatch(name -> ofSpringBoot.contains(name) || resolves(name));
  }

  @Test
  void classNameInImportsFile_resolves() {
    List<String> names =
        Checkout.files(Starter.CLASSES.resolve("META-INF/spring"), ".imports").stream()
            .flatMap(file -> Checkout.lines(file).stream())
            .toList();

    assertThat(names)
        .as("class names in .imports files")
        .allMatch(ClassNamesInStringsTest::resolves);
  }

  @Test
  void classNameInFactoriesFile_resolves() throws Exception {
    List<String> names = new ArrayList<>();
    for (Path file : Checkout.files(Starter.CLASSES.resolve("META-INF"), ".factories")) {
      Properties factories =
          PropertiesLoaderUtils.loadProperties(new FileSystemResource(file.toFile()));
      for (String factory : factories.stringPropertyNames()) {
        names.add(factory);
        names.addAll(StringUtils.commaDelimitedListToSet(factories.getProperty(factory)));
      }
    }

    assertThat(names)
        .as("class names in .factories files")
        .allMatch(name -> resolves(name.strip()));
  }

  private static Stream<String> names(JavaAnnotation<?> annotation) {
    Set<String> attributes = ATTRIBUTES.getOrDefault(annotation.getRawType().getName(), Set.of());
    return attributes.stream()
        .flatMap(attribute -> annotation.get(attribute).stream())
        .flatMap(value -> value instanceof Object[] names ? Stream.of(names) : Stream.of(value))
        .map(Object::toString);
  }

  private static boolean resolves(String name) {
    try {
      Class.forName(name, false, ClassNamesInStringsTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
