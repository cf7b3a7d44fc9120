package io.github.cacheinvalidation.autoconfigure.internal.beans;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScans;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternUtils;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;

/**
 * Finds the classes with {@code @EnableCaching} that the application would use if their profiles
 * and conditions matched. The search begins at the classes that are beans. It follows their
 * component scans, their imports and their nested classes, and does the same for each class that it
 * finds, without conditions.
 *
 * <p>Ignores classes of tests, because production would not have them, and auto-configurations,
 * because it is not known yet whether they will apply. Classes are read and not loaded. What the
 * component scan of the application has read is not read again, because the resource loader keeps
 * it.
 */
final class DormantCaching {

  private static final String OUR_OWN =
      CoherentCachingConfiguration.CachingConfiguration.class.getName();

  private static final String FOUND = "invalidationDormantCaching";

  private static final String OF_TESTS = "org.springframework.boot.test.context.TestComponent";

  private final ConfigurableListableBeanFactory beans;

  private final Environment environment;

  private final ResourcePatternResolver resources;

  private final MetadataReaderFactory readers;

  private final AutoConfigurationExcludeFilter autoConfigurations =
      new AutoConfigurationExcludeFilter();

  private final Map<String, AnnotationMetadata> scanned = new HashMap<>();

  private final Set<String> scannedPackages = new HashSet<>();

  private final Set<String> visited = new HashSet<>();

  private final Set<String> found = new TreeSet<>();

  /** The result for one context, kept because several conditions ask for it. */
  private record Found(Collection<String> classes) {}

  private DormantCaching(
      ConfigurableListableBeanFactory beans, Environment environment, ResourceLoader loader) {
    this.beans = beans;
    this.environment = environment;
    this.resources = ResourcePatternUtils.getResourcePatternResolver(loader);
    this.readers = new CachingMetadataReaderFactory(loader);
    autoConfigurations.setBeanClassLoader(
        Objects.requireNonNullElseGet(
            beans.getBeanClassLoader(), ClassUtils::getDefaultClassLoader));
  }

  /** Returns the names of the classes, sorted. Searches once for each context. */
  static Collection<String> in(
      ConfigurableListableBeanFactory beans, Environment environment, ResourceLoader loader) {
    if (beans.getSingleton(FOUND) instanceof Found known) {
      return known.classes();
    }
    Collection<String> found = new DormantCaching(beans, environment, loader).classes();
    beans.registerSingleton(FOUND, new Found(found));
    return found;
  }

  private Collection<String> classes() {
    for (String name : beans.getBeanDefinitionNames()) {
      if (beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition
          && definition.getFactoryMethodMetadata() == null) {
        visit(definition.getMetadata());
      }
    }
    return found;
  }

  private void visit(AnnotationMetadata type) {
    String name = type.getClassName();
    if (!visited.add(name)) {
      return;
    }
    if (!type.isAnnotation() && type.isAnnotated(EnableCaching.class.getName()) && counts(name)) {
      found.add(name);
    }
    packages(type).forEach(this::scan);
    Stream.concat(Arrays.stream(type.getMemberClassNames()), imports(type)).forEach(this::visit);
  }

  private void visit(String name) {
    if (visited.contains(name)) {
      return;
    }
    AnnotationMetadata type = scanned.get(name);
    if (type == null) {
      MetadataReader reader = read(name);
      type = reader == null ? null : reader.getAnnotationMetadata();
    }
    if (type != null) {
      visit(type);
    }
  }

  private void scan(String basePackage) {
    if (!scannedPackages.add(basePackage)) {
      return;
    }
    List<AnnotationMetadata> types = new ArrayList<>();
    for (Resource resource : classFiles(basePackage)) {
      MetadataReader reader = read(resource);
      if (reader != null) {
        types.add(reader.getAnnotationMetadata());
      }
    }
    types.forEach(type -> scanned.put(type.getClassName(), type));
    types.forEach(this::visit);
  }

  private Stream<String> packages(AnnotationMetadata type) {
    Set<AnnotationAttributes> scans =
        type.getMergedRepeatableAnnotationAttributes(
            ComponentScan.class, ComponentScans.class, true);
    return scans.stream()
        .flatMap(scan -> packages(scan, type.getClassName()))
        .filter(StringUtils::hasText);
  }

  private Stream<String> packages(AnnotationAttributes scan, String declaring) {
    List<String> packages = new ArrayList<>();
    for (String declared : scan.getStringArray("basePackages")) {
      String resolved = environment.resolvePlaceholders(declared);
      packages.addAll(List.of(StringUtils.tokenizeToStringArray(resolved, ",; \t\n")));
    }
    for (String marker : scan.getStringArray("basePackageClasses")) {
      packages.add(ClassUtils.getPackageName(marker));
    }
    return packages.isEmpty() ? Stream.of(ClassUtils.getPackageName(declaring)) : packages.stream();
  }

  private static Stream<String> imports(AnnotationMetadata type) {
    MultiValueMap<String, @Nullable Object> imports =
        type.getAllAnnotationAttributes(Import.class.getName(), true);
    return imports == null
        ? Stream.empty()
        : imports.getOrDefault("value", List.of()).stream()
            .flatMap(names -> names instanceof String[] array ? Stream.of(array) : Stream.empty());
  }

  /** Returns whether neither a class nor a class around it is one to ignore. */
  private boolean counts(@Nullable String name) {
    MetadataReader reader = name == null ? null : read(name);
    if (reader == null) {
      return true;
    }
    return !OUR_OWN.equals(name)
        && !isOfTest(reader.getAnnotationMetadata())
        && !isAutoConfiguration(reader)
        && counts(reader.getClassMetadata().getEnclosingClassName());
  }

  private boolean isAutoConfiguration(MetadataReader reader) {
    try {
      return autoConfigurations.match(reader, readers);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static boolean isOfTest(AnnotationMetadata type) {
    return Stream.concat(Stream.of(type), type.getDeclaredMethods().stream())
        .flatMap(DormantCaching::annotations)
        .anyMatch(
            annotation ->
                annotation.equals(OF_TESTS)
                    || annotation.startsWith("org.junit.")
                    || annotation.startsWith("org.testng."));
  }

  private static Stream<String> annotations(AnnotatedTypeMetadata annotated) {
    return annotated.getAnnotations().stream().map(annotation -> annotation.getType().getName());
  }

  private Resource[] classFiles(String basePackage) {
    try {
      return resources.getResources(
          ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX
              + ClassUtils.convertClassNameToResourcePath(basePackage)
              + "/**/*.class");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Returns null if there is no such class file, or none that can be read. */
  private @Nullable MetadataReader read(String name) {
    try {
      return readers.getMetadataReader(name);
    } catch (IOException unusable) {
      return null;
    }
  }

  /** Returns null if the class file cannot be read. */
  private @Nullable MetadataReader read(Resource classFile) {
    try {
      return readers.getMetadataReader(classFile);
    } catch (IOException unusable) {
      return null;
    }
  }
}
