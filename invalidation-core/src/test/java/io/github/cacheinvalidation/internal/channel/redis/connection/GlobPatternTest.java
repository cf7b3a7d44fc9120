package io.github.cacheinvalidation.internal.channel.redis.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Redis compares patterns with the names of channels as it does with the names of keys. */
class GlobPatternTest {

  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "ab",
          "abc",
          "aXc",
          "a*c",
          "a?c",
          "a[c",
          "a\\c",
          "a-c",
          "a]c",
          "products:eu",
          "products:eu:1",
          "products",
          "xyz",
          "xyyz",
          "xayazz",
          "ä",
          "^",
          "a^");

  private static final List<String> PATTERNS =
      List.of(
          "*",
          "a*",
          "*c",
          "a*c",
          "a?c",
          "a??",
          "?",
          "a\\*c",
          "a\\?c",
          "a\\[c",
          "a\\\\c",
          "a[bX]c",
          "a[^b]c",
          "a[a-c]c",
          "a[c-a]c",
          "a[b",
          "a[^",
          "a[",
          "[]",
          "a[]]c",
          "a[\\]]c",
          "a[a-]c",
          "products:*",
          "products*",
          "x*y*z",
          "x**z",
          "*z*",
          "\\",
          "a\\",
          "[^a]",
          "^",
          "[ä]",
          "??",
          "a[\\--z]c",
          "");

  @Test
  void everyPattern_matchesWhatItMatchesInRedis() {
    try (TestRedis redis = TestRedis.started()) {
      NAMES.forEach(name -> redis.command("SET", name, "x"));

      for (String pattern : PATTERNS) {
        GlobPattern glob = GlobPattern.of(pattern.getBytes(UTF_8));
        Stream<String> matched = NAMES.stream().filter(name -> glob.matches(name.getBytes(UTF_8)));
        assertThat(matched)
            .as(pattern)
            .containsExactlyInAnyOrderElementsOf(
                ((List<?>) redis.command("KEYS", pattern)).stream().map(String::valueOf).toList());
      }
    }
  }
}
