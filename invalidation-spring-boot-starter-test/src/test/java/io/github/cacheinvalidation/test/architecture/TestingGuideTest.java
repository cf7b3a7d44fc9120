package io.github.cacheinvalidation.test.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples of docs/testing.md are tests of this module, which run. */
@Tag("source")
class TestingGuideTest {

  private static final Path MODULE = Checkout.module("invalidation-spring-boot-starter-test");

  private static final Path TESTS =
      MODULE.resolve("src/test/java/io/github/cacheinvalidation/test/shop");

  @Test
  void javaExample_isTheWholeClassOfATest() {
    assertThat(examples("java"))
        .hasSize(3)
        .allSatisfy(
            example ->
                assertThat(text(TESTS.resolve(className(example) + ".java"))).endsWith(example));
  }

  @Test
  void settings_areThoseOfTheTests() {
    assertThat(examples("properties"))
        .containsExactly(text(MODULE.resolve("src/test/resources/config/application.properties")));
  }

  @Test
  void dependency_isThisModule() {
    String pom = text(MODULE.resolve("pom.xml"));

    assertThat(examples("xml"))
        .singleElement()
        .asString()
        .contains(element("groupId", pom), element("version", pom))
        .contains("<artifactId>" + MODULE.getFileName() + "</artifactId>", "<scope>test</scope>");
  }

  private static String className(String example) {
    return Pattern.compile("^class (\\w+)", Pattern.MULTILINE)
        .matcher(example)
        .results()
        .map(name -> name.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static String element(String name, String pom) {
    return Pattern.compile("<" + name + ">[^<]+</" + name + ">")
        .matcher(pom)
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> examples(String language) {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(text(Checkout.root().resolve("docs/testing.md")))
        .results()
        .map(example -> example.group(1))
        .toList();
  }

  private static String text(Path file) {
    return String.join("\n", Checkout.lines(file)) + "\n";
  }
}
