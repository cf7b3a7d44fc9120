package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/migration.md shows is what the examples do. */
@Tag("source")
class MigrationPageTest {

  private static final Path EXAMPLES = Checkout.root().resolve("examples");

  private static final Pattern CODE =
      Pattern.compile("<!-- example: (?<file>\\S+) -->\n```java\n(?<code>.*?)```", Pattern.DOTALL);

  private static final Pattern SECTION =
      Pattern.compile(
          "\n## From .*?\n\n`examples/(?<name>[a-z-]+)`(?<text>.*?)(?=\n## |\\z)", Pattern.DOTALL);

  private static final Pattern STEP = Pattern.compile("\\*\\*Step (\\d)\\.\\*\\*");

  static List<MatchResult> codes() throws IOException {
    return CODE.matcher(page()).results().toList();
  }

  static List<MatchResult> sections() throws IOException {
    return SECTION.matcher(page()).results().toList();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void codeOnThePage_isThatOfTheExample(MatchResult code) throws IOException {
    assertThat(unspaced(Files.readString(EXAMPLES.resolve(code.group(1)))))
        .contains(unspaced(code.group(2)));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void eachStepOfASection_isATestOfItsExample(MatchResult section) throws IOException {
    String test =
        Files.readString(
            EXAMPLES.resolve(
                section.group(1) + "/src/test/java/com/example/shop/MigrationTest.java"));
    assertThat(STEP.matcher(section.group(2)).results().map(step -> step.group(1)))
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(test)
                    .containsPattern(
                        "void steps?(" + step + "|\\dAnd" + step + "|" + step + "And\\d)_"));
  }

  @Test
  void eachSection_hasAnExampleThatIsBuilt() throws IOException {
    assertThat(Files.readString(EXAMPLES.resolve("pom.xml")))
        .contains(
            sections().stream()
                .map(section -> "<module>" + section.group(1) + "</module>")
                .toList());
    assertThat(sections()).hasSize(4);
  }

  private static String page() throws IOException {
    return Files.readString(Checkout.root().resolve("docs/migration.md"));
  }

  private static String unspaced(String code) {
    return code.replaceAll("\\s", "");
  }
}
