package io.github.cacheinvalidation.autoconfigure.internal.provider;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.util.StringUtils.capitalize;

import com.jayway.jsonpath.JsonPath;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.cache.CacheType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;

/** The providers, properties and types that the starter knows are those of Spring Boot. */
@Tag("source")
class CacheProviderTest {

  /** Types of Spring Boot that are not another provider. */
  private static final Set<String> NO_OTHERS = Set.of("CAFFEINE", "SIMPLE", "NONE");

  @Test
  void providers_areThoseOfSpringBootInItsOrder() {
    assertThat(CacheProvider.values())
        .extracting(Enum::name)
        .containsExactlyElementsOf(
            Stream.of(CacheType.values())
                .map(Enum::name)
                .filter(name -> !NO_OTHERS.contains(name))
                .toList());
  }

  @Test
  void types_areThoseThatTheConfigurationsOfSpringBootUse() {
    Set<String> used =
        new ClassFileImporter()
            .importPackages(CacheAutoConfiguration.class.getPackageName()).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getName())
                .collect(Collectors.toSet());

    for (CacheProvider provider : CacheProvider.values()) {
      assertThat(used).as("types of %s", provider).contains(provider.manager());
      assertThat(used).as("types of %s", provider).containsAll(provider.signs());
      assertThat(used).as("types of %s", provider).containsAll(provider.libraries());
      if (provider.client() != null) {
        assertThat(used).as("types of %s", provider).contains(provider.client());
      }
    }
  }

  /** Names the types as strings, because most of them are not on the class path. */
  @Test
  void libraries_areThoseThatTheConditionsOfSpringBootNeed() throws IOException {
    for (CacheProvider provider : CacheProvider.values()) {
      Set<String> needed = new TreeSet<>(provider.libraries());
      needed.add(provider.manager());

      assertThat(needed)
          .as("types that %s needs", provider)
          .containsAll(typesInTheConditions(provider));
    }
  }

  private static List<String> typesInTheConditions(CacheProvider provider) throws IOException {
    Map<String, @Nullable Object> onClass =
        new SimpleMetadataReaderFactory()
            .getMetadataReader(configuration(provider))
            .getAnnotationMetadata()
            .getAnnotationAttributes(ConditionalOnClass.class.getName(), true);
    return onClass == null ? List.of() : List.of((String[]) requireNonNull(onClass.get("value")));
  }

  private static String configuration(CacheProvider provider) {
    String name = provider == CacheProvider.JCACHE ? "JCache" : capitalize(provider.type());
    return CacheAutoConfiguration.class.getPackageName() + "." + name + "CacheConfiguration";
  }

  @Test
  void properties_areThoseThatSpringBootDescribes() throws IOException {
    Set<String> known =
        Arrays.stream(CacheProvider.values())
            .flatMap(provider -> provider.properties().stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described()).isNotEmpty().isEqualTo(known);
  }

  /** Returns the properties of single providers in the metadata on the class path. */
  private static Set<String> described() throws IOException {
    Set<String> described = new TreeSet<>();
    for (URL file :
        Collections.list(
            CacheProviderTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream metadata = file.openStream()) {
        List<String> names = JsonPath.read(metadata, "$.properties[*].name");
        names.stream()
            .filter(name -> name.matches("spring\\.cache\\..+\\..+"))
            .filter(name -> !name.startsWith("spring.cache.caffeine."))
            .forEach(described::add);
      }
    }
    return described;
  }
}
