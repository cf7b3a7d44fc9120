package io.github.cacheinvalidation.autoconfigure.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test that the documentation names exists. */
@Tag("source")
class DocumentedTestsTest {

  private static final List<String> MODULES =
      List.of(
          "invalidation-core",
          "invalidation-spring-boot-starter",
          "invalidation-spring-boot-starter-test",
          "sample-app");

  private static final Pattern NAMED_TEST =
      Pattern.compile("`(?<type>[A-Z]\\w+(Tests?|Contract))(#(?<method>\\w+))?`");

  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b(?:(?!@Test|\\{\\n).)*?"
              + "\\s(?<method>\\w+)\\(",
          Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "architecture.md",
        "glossary.md",
        "guarantees.md",
        "guarantee-tests.md",
        "known-defects.md",
        "logging.md",
        "migration.md",
        "operations.md",
        "concurrency.md",
        "design-decisions.md",
        "configuration.md",
        "performance.md",
        "protocol.md",
        "sample.md",
        "testing.md",
        "../README.md",
        "../CONTRIBUTING.md"
      })
  void everyTestThatADocumentNames_exists(String document) {
    Map<String, Set<String>> tests = tests();
    List<String> missing = new ArrayList<>();
    for (String line : Checkout.lines(document(document))) {
      Matcher named = NAMED_TEST.matcher(line);
      while (named.find()) {
        Set<String> methods = tests.get(named.group("type"));
        String method = named.group("method");
        if (methods == null || (method != null && !methods.contains(method))) {
          missing.add(named.group());
        }
      }
    }

    assertThat(missing).as("tests that %s names and that do not exist", document).isEmpty();
  }

  @Test
  void everyKnownDefect_hasARowWithATestOrAReason() {
    List<String> rows =
        Checkout.lines(document("known-defects.md")).stream()
            .filter(line -> line.startsWith("| B"))
            .toList();

    assertThat(rows)
        .extracting(row -> row.substring(2, row.indexOf(' ', 2)))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 38).mapToObj(number -> "B" + number).toList());
    assertThat(rows).as("rows with four filled columns").allMatch(this::isFilled);
  }

  private boolean isFilled(String row) {
    return row.matches("\\|( [^|]+ \\|){4}");
  }

  private static Path document(String name) {
    return Checkout.root().resolve("docs").resolve(name);
  }

  private static Map<String, Set<String>> tests() {
    Map<String, Set<String>> tests = new HashMap<>();
    for (String module : MODULES) {
      for (Path file : Checkout.files(Checkout.module(module).resolve("src/test/java"), ".java")) {
        String name = String.valueOf(file.getFileName()).replace(".java", "");
        Matcher method = TEST_METHOD.matcher(String.join("\n", Checkout.lines(file)));
        Set<String> methods = new HashSet<>();
        while (method.find()) {
          methods.add(method.group("method"));
        }
        tests.put(name, methods);
      }
    }
    return tests;
  }
}
