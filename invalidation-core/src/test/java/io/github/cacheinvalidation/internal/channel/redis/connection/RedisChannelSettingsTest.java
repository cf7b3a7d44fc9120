package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The channel settings of a node, and the names derived from them. */
class RedisChannelSettingsTest {

  private static final Duration TIMEOUT = RedisChannelSettings.DEFAULT_TIMEOUT;

  @ParameterizedTest
  @CsvSource({
    "invalidations, 0, invalidations, {invalidations}:log",
    "invalidations, 1, invalidations@1, {invalidations@1}:log",
    "{shop}-inv, 0, {shop}-inv, {shop}-inv:log",
    "{shop}-inv, 12, {shop}-inv@12, {shop}-inv@12:log"
  })
  void aName_becomesChannelAndLogInOneSlot(
      String name, int database, String channel, String logKey) {
    assertThat(RedisNames.of(name, database)).isEqualTo(new RedisNames(channel, logKey));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a{b", "a}b", "{}a", "}{", "a{}b"})
  void bracesWithoutAHashTag_areRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(name, "node", 1, 1, List.of(), TIMEOUT))
        .withMessageContaining("'channel'")
        .withMessageContaining("{shop}")
        .withMessageContaining("'" + name + "'");
  }

  @Test
  void aHashTagAlone_isRefused_sinceItsLogIsThatOfAnotherChannel() {
    assertThat(RedisNames.of("{shop}", 0).logKey()).isEqualTo(RedisNames.of("shop", 0).logKey());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("{shop}", "node", 1, 1, List.of(), TIMEOUT))
        .withMessage(
            "'channel' must have something beside its hash tag, such as {shop}:invalidate, but was"
                + " '{shop}'");
  }

  @Test
  void blankNames_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(" ", "node", 1, 1, List.of(), TIMEOUT))
        .withMessage("'channel' must not be blank");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("c", " ", 1, 1, List.of(), TIMEOUT))
        .withMessage("'nodeName' must not be blank");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("c", "node", 1, 1, List.of("x", " "), TIMEOUT))
        .withMessage("'subscriptions' must not contain a blank name but was [x,  ]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\tb", " a", "a\u2003"})
  void blanksInAChannel_areRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(name, "node", 1, 1, List.of(), TIMEOUT))
        .withMessageContaining("such as cache:invalidate:shop, but was '" + name + "'");
  }

  @Test
  void boundsBelowOne_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("c", "node", 0, 1, List.of(), TIMEOUT))
        .withMessage("'maxLength' must be at least 1 but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("c", "node", 1, -1, List.of(), TIMEOUT))
        .withMessage("'maxBytes' must be at least 1 but was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings("c", "node", 1, 1, List.of(), Duration.ZERO))
        .withMessage("'timeout' must be at least 1 ms but was PT0S");
  }

  @Test
  void aNodeNameWithSpaces_becomesAClientNameWithout() {
    assertThat(settings("c", "a b\nž", 1, 1, List.of(), TIMEOUT).clientName())
        .isEqualTo("invalidation:a_b__");
  }

  @ParameterizedTest
  @CsvSource({"10000, 500, 5000", "300, 500, 500", "700, 500, 700", "10000, 8000, 8000"})
  void connecting_isBounded(long application, long command, long bounded) {
    assertThat(ConnectTimeout.bounded(Duration.ofMillis(application), Duration.ofMillis(command)))
        .isEqualTo(Duration.ofMillis(bounded));
  }

  private static RedisChannelSettings settings(
      String channel,
      String nodeName,
      long maxLength,
      long maxBytes,
      List<String> subscriptions,
      Duration timeout) {
    return new RedisChannelSettings(channel, nodeName, maxLength, maxBytes, subscriptions, timeout);
  }
}
