package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G8")
class FailureReasonTest {

  @Test
  void innermostCause_isNamed() {
    Throwable failure =
        new IllegalStateException(
            "Unable to connect to Redis",
            new IllegalStateException("Failed to create socket", new UnknownHostException("shop")));

    assertThat(FailureReason.of(failure))
        .isEqualTo("Unable to connect to Redis: Failed to create socket: shop");
  }

  @Test
  void repeatedText_isNamedOnce() {
    Throwable refused = new IllegalStateException("Connection refused");

    assertThat(FailureReason.of(new IllegalStateException(refused)))
        .isEqualTo("java.lang.IllegalStateException: Connection refused");
  }

  @Test
  void causeWithoutAMessage_isNamedByItsType() {
    assertThat(
            FailureReason.of(
                new IllegalStateException("No connection", new InterruptedException())))
        .isEqualTo("No connection: InterruptedException");
  }

  @Test
  void endlessCauses_andEndlessMessages_areCutOff() {
    Throwable first = new IllegalStateException("x".repeat(10_000));
    Throwable second = new IllegalStateException("second", first);
    first.initCause(second);

    assertThat(FailureReason.of(second)).hasSizeLessThan(600).startsWith("second: xxx");
  }
}
