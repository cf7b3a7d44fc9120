package io.github.cacheinvalidation.autoconfigure.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each row of {@code docs/guarantees.md} has tests, which carry its number as a tag, and {@code
 * docs/guarantee-tests.md} lists them. {@code -Dpages.update=true} writes that page anew.
 */
@Tag("source")
class GuaranteeTestsPageTest {

  private static final Pattern ROW = Pattern.compile("\\| (G\\d+\\.\\d+) \\|.*");

  private static final Pattern TAG = Pattern.compile("\\s*@Tag\\(\"(G\\d+\\.\\d+)\"\\)");

  private static final Pattern TYPE =
      Pattern.compile("(?:(?:public|abstract|final|sealed) )*class (\\w+)\\b.*");

  private static final Pattern METHOD =
      Pattern.compile("  (?:\\w+ )*[\\w<>\\[\\].? ]+ (\\w+)\\(.*");

  private static final String HEADER =
      """
      # The tests of the guarantees

      This page is generated: `./mvnw -pl invalidation-core,invalidation-spring-boot-starter test
      -Dpages.update=true -Dtest=GuaranteeTestsPageTest -Dsurefire.failIfNoSpecifiedTests=false` writes it. A test
      carries the number of each row of [guarantees](guarantees.md) that it shows as a tag, so `-Dtests.only=G1.1` runs
      the tests of one row.

      | row | tests |
      |---|---|
      """;

  private final Path page = document("guarantee-tests.md");

  @Test
  void page_listsTheTestsOfEachRow() throws IOException {
    List<String> rows = rows();
    Map<String, List<String>> tests = tests();
    List<String> lines = new ArrayList<>(HEADER.lines().toList());
    rows.forEach(
        row -> lines.add("| " + row + " | " + String.join(", ", testsOf(row, tests)) + " |"));
    if (Boolean.getBoolean("pages.update")) {
      Files.write(page, lines);
    }

    assertThat(rows).allSatisfy(row -> assertThat(tests).as("tests by row").containsKey(row));
    assertThat(rows).as("rows of guarantees.md").containsAll(tests.keySet());
    assertThat(Checkout.lines(page)).as("guarantee-tests.md").isEqualTo(lines);
  }

  private static List<String> testsOf(String row, Map<String, List<String>> tests) {
    return tests.getOrDefault(row, List.of()).stream().map(test -> "`" + test + "`").toList();
  }

  private static List<String> rows() {
    return Checkout.lines(document("guarantees.md")).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> row.group(1))
        .toList();
  }

  private static Path document(String name) {
    return Checkout.root().resolve("docs").resolve(name);
  }

  private static Map<String, List<String>> tests() {
    Map<String, List<String>> tests = new TreeMap<>();
    for (String module : List.of("invalidation-core", "invalidation-spring-boot-starter")) {
      for (Path file : Checkout.files(Checkout.module(module).resolve("src/test/java"), ".java")) {
        collect(file, tests);
      }
    }
    tests.values().forEach(each -> each.sort(null));
    return tests;
  }

  /** Assigns the tags to the class or method that follows them. */
  private static void collect(Path file, Map<String, List<String>> tests) {
    String type = String.valueOf(file.getFileName()).replace(".java", "");
    List<String> pending = new ArrayList<>();
    for (String line : Checkout.lines(file)) {
      Matcher tag = TAG.matcher(line);
      Matcher method = METHOD.matcher(line);
      if (tag.matches()) {
        pending.add(tag.group(1));
      } else if (!pending.isEmpty() && TYPE.matcher(line).matches()) {
        assign(pending, type, tests);
      } else if (!pending.isEmpty() && method.matches()) {
        assign(pending, type + "#" + method.group(1), tests);
      }
    }
    assertThat(pending).as("tags in %s that belong to no test", type).isEmpty();
  }

  private static void assign(List<String> pending, String test, Map<String, List<String>> tests) {
    pending.forEach(row -> tests.computeIfAbsent(row, first -> new ArrayList<>()).add(test));
    pending.clear();
  }
}
