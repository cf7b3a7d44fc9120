package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {

  @ParameterizedTest
  @ValueSource(strings = {"p*", "q?", "[r]", "a\\*b*", "a\\\\*", "*"})
  void aNameWithASpecialCharacter_isAPattern(String setting) {
    assertThat(Topic.of(setting)).isEqualTo(new Topic(setting, Topic.Kind.PATTERN));
  }

  @ParameterizedTest
  @CsvSource({"orders,orders", "a\\*b,a*b", "a\\[b\\\\c,a[b\\c", "a\\b,a\\b", "a]b,a]b"})
  void aNameWhoseSpecialCharactersAllHaveABackslash_isAChannel(String setting, String name) {
    assertThat(Topic.of(setting)).isEqualTo(Topic.channel(name));
  }

  @Test
  void patternsAndNotificationsOfRedis_haveNoLog() {
    assertThat(Topic.of("orders").canHaveLog()).isTrue();
    assertThat(Topic.of("order?").canHaveLog()).isFalse();
    assertThat(Topic.of("__keyevent@0__:del").canHaveLog()).isFalse();
  }
}
