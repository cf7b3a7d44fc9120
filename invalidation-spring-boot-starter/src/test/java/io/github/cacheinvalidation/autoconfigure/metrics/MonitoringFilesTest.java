package io.github.cacheinvalidation.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.architecture.Checkout;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard, the alerts and the files beside the sample fit the meters and each other. */
@Tag("source")
class MonitoringFilesTest {

  private static final Logger log = LoggerFactory.getLogger(MonitoringFilesTest.class);

  private static final Path DOCS = Checkout.root().resolve("docs");

  private static final Path BESIDE_THE_SAMPLE = Checkout.root().resolve("sample-app/observability");

  private static final Pattern SERIES =
      Pattern.compile("\\b(?<name>(?:invalidation|cache)_\\w+)(?:\\{(?<labels>[^}]*)})?");

  private static final Pattern LABEL =
      Pattern.compile("(?<name>\\w+)(?<operator>=~|=)\"(?<value>[^\"]*)\"");

  /** Prometheus adds it. */
  private static final String INSTANCE = "instance";

  /** The lines of a scrape of a node with one cache and one group. */
  private static List<String> scraped = List.of();

  @BeforeAll
  static void scrapeANode() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                CacheAutoConfiguration.class,
                CacheMetricsAutoConfiguration.class,
                CacheInvalidationAutoConfiguration.class,
                CacheInvalidationMetricsAutoConfiguration.class))
        .withBean(MeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
        .withBean(SourceOfTruth.class, Products::new)
        .withBean(InvalidationGroupHandler.class, Purge::new)
        .withPropertyValues(
            "invalidation.transport=local",
            "invalidation.channel=" + UUID.randomUUID(),
            "spring.cache.cache-names=products",
            "spring.cache.caffeine.spec=recordStats")
        .run(
            context ->
                scraped =
                    context
                        .getBean(PrometheusMeterRegistry.class)
                        .scrape()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
  }

  private static final class Products implements SourceOfTruth {

    @Override
    public String cache() {
      return "products";
    }

    @Override
    public Object read(Object key) {
      return key;
    }
  }

  private static final class Purge implements InvalidationGroupHandler {

    @Override
    public String group() {
      return "cdn";
    }

    @Override
    public void handle(Message message) {}

    @Override
    public void everythingMayHaveChanged() {}
  }

  static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>(expressions(alerts()));
    List<String> ofPanels =
        JsonPath.read(DOCS.resolve("grafana.json").toFile(), "$.panels[*].targets[*].expr");
    queries.addAll(ofPanels);
    assertThat(queries).hasSizeGreaterThan(20);
    return queries;
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_namesSeriesAndLabelsThatANodeHas(String query) {
    List<Matcher> found = new ArrayList<>();
    for (Matcher series = SERIES.matcher(query); series.find(); ) {
      found.add(SERIES.matcher(series.group()));
    }

    assertThat(found).as("series in the query").isNotEmpty();
    for (Matcher series : found) {
      assertThat(series.matches()).isTrue();
      String name = series.group("name");
      assertThat(scraped).as(name).anyMatch(line -> line.split("[{ ]", 2)[0].equals(name));
      String labels = series.group("labels");
      Matcher label = LABEL.matcher(labels == null ? "" : labels);
      while (label.find()) {
        String labelName = label.group("name");
        if (!labelName.equals(INSTANCE)) {
          for (String value : label.group("value").split("\\|", -1)) {
            String part = labelName + "=\"" + (value.startsWith("$") ? "" : value + "\"");
            assertThat(scraped)
                .as("%s with %s", name, part)
                .anyMatch(line -> line.startsWith(name + "{") && line.contains(part));
          }
        }
      }
    }
  }

  @Test
  void meterOfTheLibrary_isInAQuery() throws IOException {
    String queries = String.join("\n", queries());
    Set<String> names =
        scraped.stream()
            .map(line -> line.split("[{ ]", 2)[0])
            .filter(name -> name.startsWith("invalidation_"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(names)
        .hasSizeGreaterThan(20)
        .filteredOn(name -> !queries.contains(name))
        .as("series that neither the dashboard nor an alert shows")
        .containsExactly("invalidation_published_caches_total");
  }

  @Test
  void alert_hasASummaryAndADescriptionAndASeverity() {
    assertThat(rules(alerts()))
        .isNotEmpty()
        .allSatisfy(
            rule -> {
              assertThat(map(rule.get("annotations"))).containsOnlyKeys("summary", "description");
              assertThat(map(rule.get("labels"))).containsKey("severity");
            });
  }

  @Test
  void alert_isInTheTableOfTheRunbookWithItsSeverity() {
    Pattern row = Pattern.compile("\\| (Invalidation\\w+) \\| (critical|warning|info) \\|.*");
    List<String> documented =
        Checkout.lines(DOCS.resolve("operations.md")).stream()
            .map(row::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1) + " " + found.group(2))
            .toList();

    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            rules(alerts()).stream()
                .map(rule -> rule.get("alert") + " " + map(rule.get("labels")).get("severity"))
                .toList());
  }

  @Test
  void alertsAndQueriesOfTheDashboard_areAcceptedByPromtool(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path fromDashboard = folder.resolve("dashboard.yml");
    Files.writeString(fromDashboard, asRules(queries()));
    for (Path file : List.of(DOCS.resolve("alerts.yml"), fromDashboard)) {
      Process promtool;
      try {
        promtool =
            new ProcessBuilder("promtool", "check", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
      } catch (IOException absent) {
        log.warn(
            "NOT CHECKED: promtool is not on the path, so no query was parsed. Install Prometheus",
            absent);
        return;
      }
      String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(promtool.exitValue()).as(output).isZero();
    }
  }

  private static String asRules(List<String> queries) {
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    for (int i = 0; i < queries.size(); i++) {
      rules
          .append("  - record: query_" + i + "\n    expr: '")
          .append(queries.get(i).replace("$__rate_interval", "5m").replace("'", "''"))
          .append("'\n");
    }
    return rules.toString();
  }

  /** No engine runs in this test: it reads the files and compares the paths in them. */
  @Test
  void composeFileBesideTheSample_mountsFilesThatExist() {
    Map<String, Object> services =
        map(yaml(BESIDE_THE_SAMPLE.resolve("compose.yml")).get("services"));

    assertThat(services).containsOnlyKeys("prometheus", "grafana");
    List<String> mounted =
        services.values().stream()
            .flatMap(service -> list(map(service).get("volumes")).stream())
            .map(volume -> String.valueOf(volume).split(":", -1)[0])
            .toList();
    assertThat(mounted)
        .hasSize(5)
        .allSatisfy(path -> assertThat(BESIDE_THE_SAMPLE.resolve(path)).isRegularFile());
    log.warn("NOT TRIED: no container engine has started {}", BESIDE_THE_SAMPLE);
  }

  @Test
  void prometheusBesideTheSample_scrapesTheThreeNodesOfTheShop() {
    Map<String, Object> settings = yaml(BESIDE_THE_SAMPLE.resolve("prometheus.yml"));
    Map<String, Object> job = map(list(settings.get("scrape_configs")).get(0));

    assertThat(job).containsEntry("metrics_path", "/actuator/prometheus");
    assertThat(list(map(list(job.get("static_configs")).get(0)).get("targets")))
        .containsExactly(
            "host.docker.internal:8081", "host.docker.internal:8082", "host.docker.internal:8083");
    assertThat(list(settings.get("rule_files"))).containsExactly("alerts.yml");
  }

  private static Map<String, Object> alerts() {
    return yaml(DOCS.resolve("alerts.yml"));
  }

  private static List<Map<String, Object>> rules(Map<String, Object> alerts) {
    return list(alerts.get("groups")).stream()
        .flatMap(group -> list(map(group).get("rules")).stream())
        .map(MonitoringFilesTest::map)
        .toList();
  }

  private static List<String> expressions(Map<String, Object> alerts) {
    return rules(alerts).stream().map(rule -> String.valueOf(rule.get("expr"))).toList();
  }

  private static Map<String, Object> yaml(Path file) {
    return map(
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(String.join("\n", Checkout.lines(file))));
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(value))
        .forEach((key, each) -> map.put(String.valueOf(key), each));
    return map;
  }

  private static List<Object> list(@Nullable Object value) {
    return Stream.of(((List<?>) Objects.requireNonNull(value)).toArray()).toList();
  }
}
