package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** The examples of the README work: CI runs its commands, this test its snippets. */
@Tag("source")
class ReadmeTest {

  private static final String IMPORTS =
      """
      import org.springframework.cache.annotation.CacheEvict;
      import org.springframework.cache.annotation.Cacheable;
      import org.springframework.stereotype.Service;
      import org.springframework.transaction.annotation.Transactional;
      """;

  private static final String WARM_UP_IMPORTS =
      """
      import io.github.cacheinvalidation.InvalidationNode;
      import java.time.Duration;
      import java.util.stream.LongStream;
      import org.springframework.boot.ApplicationRunner;
      import org.springframework.context.annotation.Bean;

      interface Products {
        String name(long id);
      }

      """;

  private static final String CUSTOMIZER_IMPORTS =
      """
      import com.github.benmanes.caffeine.cache.Expiry;
      import io.github.cacheinvalidation.autoconfigure.CaffeineBuilderCustomizer;
      import java.time.Duration;
      import org.springframework.context.annotation.Bean;

      """;

  private static final String RECIPE_IMPORTS =
      """
      import org.springframework.cache.annotation.CacheConfig;
      import org.springframework.cache.annotation.CacheEvict;
      import org.springframework.cache.annotation.Cacheable;

      """;

  @Test
  void dependency_isThisModule() throws IOException {
    String pom = Files.readString(Checkout.root().resolve("pom.xml"));
    String version = firstGroup("<version>([^<]+)</version>", pom);
    assertThat(snippet("xml"))
        .contains("<groupId>" + firstGroup("<groupId>([^<]+)</groupId>", pom) + "</groupId>")
        .contains("<artifactId>invalidation-spring-boot-starter</artifactId>")
        .contains("<version>" + version + "</version>");
  }

  @Test
  void settings_areOnesThatExist_andBind() throws IOException {
    List<PropertySource<?>> sources =
        new YamlPropertySourceLoader()
            .load(
                "README", new ByteArrayResource(snippet("yaml").getBytes(StandardCharsets.UTF_8)));
    assertThat(sources).hasSize(1);
    String metadata =
        Files.readString(
            Checkout.classes("invalidation-spring-boot-starter")
                .resolve("META-INF/spring-configuration-metadata.json"));
    String[] names = ((EnumerablePropertySource<?>) sources.get(0)).getPropertyNames();
    assertThat(names)
        .filteredOn(name -> name.startsWith("invalidation."))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(metadata).contains("\"name\": \"" + name + "\""));
    Binder binder = new Binder(ConfigurationPropertySources.from(sources));
    assertThat(binder.bind("invalidation", Bindable.of(InvalidationProperties.class)).isBound())
        .isTrue();
  }

  @Test
  void code_compiles(@TempDir Path classes) throws IOException {
    assertCompiles(new Source("Products", IMPORTS + snippet("java")), classes);
  }

  @Test
  void warmUpOfTheConfigurationPage_compiles(@TempDir Path classes) throws IOException {
    String method = snippetBelow("## Warm-up");
    assertCompiles(
        new Source("WarmUp", WARM_UP_IMPORTS + "class WarmUp {\n" + method + "}\n"), classes);
  }

  @Test
  void customizerOfTheConfigurationPage_compiles(@TempDir Path classes) throws IOException {
    String method = snippetBelow("## Settings of one cache");
    assertCompiles(
        new Source("Caches", CUSTOMIZER_IMPORTS + "class Caches {\n" + method + "}\n"), classes);
  }

  @Test
  void recipeOfTheConfigurationPage_compiles(@TempDir Path classes) throws IOException {
    assertCompiles(
        new Source("Products", RECIPE_IMPORTS + snippetBelow("## Beside another cache manager")),
        classes);
  }

  private static String snippetBelow(String title) throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/configuration.md"));
    return firstGroup("(?s)```java\n(.*?)```", page.substring(page.indexOf(title)));
  }

  private static void assertCompiles(Source source, Path classes) {
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                null,
                null,
                problems,
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                null,
                List.of(source))
            .call();
    assertThat(problems.getDiagnostics())
        .filteredOn(problem -> problem.getKind() == javax.tools.Diagnostic.Kind.ERROR)
        .isEmpty();
    assertThat(compiled).isTrue();
  }

  private static String snippet(String language) throws IOException {
    String readme = Files.readString(Checkout.root().resolve("README.md"));
    return firstGroup("(?s)```" + language + "\n(.*?)```", readme);
  }

  private static String firstGroup(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String code;

    Source(String className, String code) {
      super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
