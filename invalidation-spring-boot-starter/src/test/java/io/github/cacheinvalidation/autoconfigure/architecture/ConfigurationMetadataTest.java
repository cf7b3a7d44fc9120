package io.github.cacheinvalidation.autoconfigure.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An editor and {@code docs/configuration.md} tell the same about every property. */
@Tag("source")
class ConfigurationMetadataTest {

  private static final Path METADATA =
      Starter.CLASSES.resolve("META-INF/spring-configuration-metadata.json");

  /** A row of a table: the property and its default, the latter as code or in words. */
  private static final Pattern ROW =
      Pattern.compile("\\| `(?<name>[a-z][a-z0-9.<>-]+)` \\| (?<default>[^|]+) \\|.*");

  @BeforeEach
  void metadata_isThere() {
    assumeThat(METADATA).exists();
  }

  @Test
  void everyProperty_isDescribed() throws IOException {
    assertThat(properties().values())
        .as("properties without a description")
        .allMatch(property -> property.containsKey("description"));
  }

  @Test
  void documentation_namesExactlyTheProperties() throws IOException {
    Set<String> documented =
        documented().keySet().stream()
            .map(name -> name.replaceFirst("\\.<.*", ""))
            .collect(Collectors.toSet());

    assertThat(documented)
        .as("properties in docs/configuration.md")
        .containsExactlyInAnyOrderElementsOf(properties().keySet());
  }

  @Test
  void documentedDefault_isTheRealOne() throws IOException {
    Map<String, String> documented = documented();
    Map<String, String> defaults = new TreeMap<>();
    properties()
        .forEach(
            (name, property) -> {
              Object value = property.get("defaultValue");
              if (value != null && documented.containsKey(name)) {
                defaults.put(name, "`" + value + "`");
              }
            });

    assertThat(documented).as("defaults in docs/configuration.md").containsAllEntriesOf(defaults);
  }

  /** Returns the attributes of each property by its name. */
  private static Map<String, Map<String, Object>> properties() throws IOException {
    List<Map<String, Object>> properties = JsonPath.read(METADATA.toFile(), "$.properties");
    Map<String, Map<String, Object>> byName = new TreeMap<>();
    properties.forEach(property -> byName.put(String.valueOf(property.get("name")), property));
    return byName;
  }

  private static Map<String, String> documented() {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Checkout.lines(Checkout.root().resolve("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group("name"), row.group("default"));
      }
    }
    return rows;
  }
}
