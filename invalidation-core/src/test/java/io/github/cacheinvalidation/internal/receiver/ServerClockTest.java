package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.Position;
import org.junit.jupiter.api.Test;

class ServerClockTest {

  private static final long MILLI = 1_000_000;

  private final ServerClock clock = new ServerClock();

  private void checked(long sentMillis, long serverMillis, long nowMillis) {
    clock.checked(
        sentMillis * MILLI,
        new Tip(at(serverMillis), "s", false, serverMillis * 1000, 0, false),
        nowMillis * MILLI);
  }

  private static Position at(long millis) {
    return new Position(millis + "-0", "n");
  }

  @Test
  void age_isTheTimeOfTheServerSinceTheIdOfTheEntry() {
    checked(100, 1_700_000_000_000L, 104); // the server answered at 102

    assertThat(clock.age(at(1_700_000_000_000L), 102 * MILLI)).isZero();
    assertThat(clock.age(at(1_700_000_000_000L), 112 * MILLI)).isEqualTo(10 * MILLI);
    assertThat(clock.age(at(1_700_000_000_007L), 112 * MILLI)).isEqualTo(3 * MILLI);
  }

  @Test
  void entryThatSeemsToBeOfTheFuture_hasNoAge() {
    checked(100, 1_700_000_000_000L, 104);

    assertThat(clock.age(at(1_700_000_000_005L), 103 * MILLI)).isZero();
  }

  @Test
  void age_isUnknown_untilAServerHasToldItsTime() {
    assertThat(clock.age(at(5), 0)).isEqualTo(MessageEventListener.UNKNOWN);
    clock.checked(0, new Tip(at(5), "s", false), MILLI);
    assertThat(clock.age(at(5), 0)).isEqualTo(MessageEventListener.UNKNOWN);
  }

  @Test
  void checkThatTookMuchLonger_isIgnored_untilTheLastOneIsOld() {
    checked(100, 1_700_000_000_000L, 104);

    checked(1_000, 1_700_000_000_999L, 1_400); // as if the server were 100 ms ahead
    assertThat(clock.age(at(1_700_000_000_000L), 1_102 * MILLI)).isEqualTo(1_000 * MILLI);
    checked(11_000, 1_700_000_011_500L, 11_400);
    assertThat(clock.age(at(1_700_000_011_400L), 11_200 * MILLI)).isEqualTo(100 * MILLI);
  }

  @Test
  void checkOfAnotherServer_isUsedAtOnce() {
    checked(100, 1_700_000_000_000L, 104);

    clock.checked(
        200 * MILLI, new Tip(at(0), "other", false, 1_600_000_000_000_000L, 0, false), 300 * MILLI);

    assertThat(clock.age(at(1_600_000_000_000L), 260 * MILLI)).isEqualTo(10 * MILLI);
  }

  @Test
  void checkThatTookMoreThanASecond_tellsNothing() {
    checked(100, 1_700_000_000_000L, 3_100);

    assertThat(clock.age(at(1_700_000_000_000L), 3_200 * MILLI))
        .isEqualTo(MessageEventListener.UNKNOWN);
  }

  @Test
  void idOfAnotherForm_hasNoAge() {
    checked(100, 1_700_000_000_000L, 104);

    assertThat(clock.age(new Position("abc-0", "n"), 0)).isEqualTo(MessageEventListener.UNKNOWN);
    assertThat(clock.age(new Position("123", "n"), 0)).isEqualTo(MessageEventListener.UNKNOWN);
  }
}
