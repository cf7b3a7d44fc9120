package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.architecture.Checkout;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;

/** Names in the documents exist: meters, settings, their values, classes and methods. */
@Tag("source")
class DocumentationTest {

  /** Types of libraries that the documents name and that no source uses. */
  private static final Set<String> FOREIGN =
      Set.of(
          "ApplicationReadyEvent",
          "DataRedisConnectionDetails",
          "Expiry",
          "ImmutablePair",
          "EventLoopGroupProvider",
          "PreDestroy",
          "RegisterReflection");

  /** {@code ObservedMessagesTest} compares them with the observations. */
  private static final Set<String> OBSERVATIONS =
      Set.of("invalidation.publish", "invalidation.apply");

  /** Speaks of the classes of other products. */
  private static final String OTHER_PRODUCTS = "known-defects.md";

  private static final Pattern DOTTED =
      Pattern.compile("`((?:invalidation|spring|management)\\.[\\w.<>\\[\\]*-]+)(?:=[^`]*)?`");

  private static final Pattern CACHE_SETTING =
      Pattern.compile("invalidation\\.caches\\.(?:<name>|\\[\\w+]|\\w+)\\.(?<setting>[a-z-]+)");

  private static final Pattern JAVA_NAME =
      Pattern.compile("`@?([A-Z]\\w*[a-z]\\w*|[a-z]\\w*[A-Z]\\w*)([.#(][^`]*)?`");

  private static final Pattern TEST_TO_RUN = Pattern.compile("-Dtest='?([\\w,]+)");

  private static final Pattern WORD = Pattern.compile("\\w+");

  private static final Pattern CODE_BLOCK = Pattern.compile("```.*?```", Pattern.DOTALL);

  private static final List<String> SOURCES =
      List.of(
          "invalidation-core/src",
          "invalidation-spring-boot-starter/src",
          "invalidation-spring-boot-starter-test/src",
          "invalidation-benchmarks/src",
          "sample-app/src",
          "examples");

  static List<Path> documents() {
    return Stream.concat(
            Stream.of("README.md", "CONTRIBUTING.md").map(Checkout.root()::resolve),
            Checkout.files(Checkout.root().resolve("docs"), ".md").stream())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void settingOrMeterThatADocumentNames_exists(Path document) throws IOException {
    Set<String> existing = new HashSet<>(meters());
    existing.addAll(settings());
    existing.addAll(OBSERVATIONS);

    assertThat(found(DOTTED, document).map(match -> match.group(1)))
        .as("settings and meters in %s", document.getFileName())
        .allMatch(name -> exists(name, existing));
  }

  @Test
  void meterThatIsRegistered_isDocumented() {
    assertThat(found(DOTTED, Checkout.root().resolve("docs/operations.md")))
        .extracting(match -> match.group(1))
        .containsAll(meters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidation.transport", "invalidation.publish.mode"})
  void documentedValue_isOneThatIsAccepted(String setting) {
    String row =
        Checkout.lines(Checkout.root().resolve("docs/configuration.md")).stream()
            .filter(line -> line.startsWith("| `" + setting + "` |"))
            .findFirst()
            .orElseThrow();
    Set<String> documented =
        Pattern.compile("`([a-z-]+)`")
            .matcher(row)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).as("values of %s in its row", setting).isEqualTo(accepted(setting));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void classOrMethodThatADocumentNames_exists(Path document) {
    if (!document.endsWith(OTHER_PRODUCTS)) {
      Set<String> existing = wordsOfTheSources();
      existing.addAll(FOREIGN);

      assertThat(
              found(JAVA_NAME, document)
                  .filter(match -> !String.valueOf(match.group(2)).equals(".md"))
                  .map(match -> match.group(1)))
          .as("names in %s that no source has", document.getFileName())
          .allMatch(existing::contains);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void testThatADocumentRuns_exists(Path document) {
    Set<String> existing =
        SOURCES.stream()
            .flatMap(sources -> Checkout.files(Checkout.root().resolve(sources), ".java").stream())
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());

    assertThat(
            TEST_TO_RUN
                .matcher(String.join("\n", Checkout.lines(document)))
                .results()
                .flatMap(match -> Stream.of(match.group(1).split(",", -1))))
        .as("tests that %s runs and that do not exist", document.getFileName())
        .allMatch(existing::contains);
  }

  /** A word for a feature, and the annotation or type that a source has if the feature is there. */
  @ParameterizedTest
  @CsvSource({"actuator/invalidation, Endpoint", "health, HealthIndicator"})
  void featureThatThePomOrTheConfigurationNames_exists(String feature, String evidence) {
    if (!wordsOfTheSources().contains(evidence)) {
      assertThat(
              Stream.of("invalidation-spring-boot-starter/pom.xml", "docs/configuration.md")
                  .flatMap(file -> Checkout.lines(Checkout.root().resolve(file)).stream()))
          .noneMatch(line -> line.contains(feature));
    }
  }

  private static boolean exists(String name, Set<String> existing) {
    Matcher setting = CACHE_SETTING.matcher(name);
    if (setting.matches()) {
      String property =
          Pattern.compile("-(.)")
              .matcher(setting.group("setting"))
              .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
      return BeanUtils.getPropertyDescriptor(InvalidationProperties.CacheEntry.class, property)
          != null;
    }
    return name.endsWith("*")
        ? existing.stream().anyMatch(each -> each.startsWith(name.substring(0, name.length() - 1)))
        : existing.contains(name);
  }

  private static Set<String> meters() {
    Set<String> meters = new TreeSet<>();
    Applications.local()
        .withPropertyValues("spring.cache.cache-names=any")
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withUserConfiguration(GroupBeansTest.OneHandler.class) // groups have meters only then
        .withBean(SourceOfTruth.class, JudgeBeansTest::products) // so has the judge
        .withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
        .run(
            context ->
                context.getBean(MeterRegistry.class).getMeters().stream()
                    .map(meter -> meter.getId().getName())
                    .filter(name -> name.startsWith("invalidation."))
                    .forEach(meters::add));
    assertThat(meters).as("registered meters").isNotEmpty();
    return meters;
  }

  /** Returns the settings that the metadata on the class path describes. */
  private static Set<String> settings() throws IOException {
    Set<String> names = new HashSet<>();
    ClassLoader loader = DocumentationTest.class.getClassLoader();
    for (URL file :
        Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream metadata = file.openStream()) {
        List<String> described = JsonPath.read(metadata, "$.properties[*].name");
        names.addAll(described);
      }
    }
    return names;
  }

  /** Returns the constants with which an application starts. */
  private static Set<String> accepted(String setting) {
    Class<? extends Enum<?>> type =
        setting.endsWith("mode") ? InvalidationProperties.Publish.Mode.class : Transport.class;
    Set<String> accepted = new TreeSet<>();
    for (Enum<?> constant : type.getEnumConstants()) {
      String value = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      Applications.plain()
          .withPropertyValues(setting + "=" + value)
          .run(
              context -> {
                if (context.getStartupFailure() == null) {
                  accepted.add(value);
                }
              });
    }
    return accepted;
  }

  private static Set<String> wordsOfTheSources() {
    Set<String> words = new HashSet<>();
    for (String sources : SOURCES) {
      for (Path file : Checkout.files(Checkout.root().resolve(sources), ".java")) {
        if (!file.endsWith("DocumentationTest.java")) {
          for (String line : Checkout.lines(file)) {
            WORD.matcher(line).results().map(MatchResult::group).forEach(words::add);
          }
        }
      }
    }
    return words;
  }

  private static Stream<MatchResult> found(Pattern pattern, Path document) {
    String text = String.join("\n", Checkout.lines(document));
    return pattern.matcher(CODE_BLOCK.matcher(text).replaceAll("")).results();
  }
}
