package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a cache is named on the own channel, although it has another one. */
class ChannelNoticesTest {

  private static final long PERIOD = ChannelNotices.PERIOD.toNanos();

  private long nanos = -PERIOD / 2;

  private final ChannelNotices notices = new ChannelNotices("red blue"::contains, () -> nanos);

  @Test
  void eachCache_isDueOnceInAPeriod() {
    assertThat(notices.take("red")).isTrue();
    assertThat(notices.take("red")).isFalse();
    assertThat(notices.take("blue")).isTrue();
    nanos += PERIOD - 1;
    assertThat(notices.take("red")).isFalse();

    nanos++;

    assertThat(notices.take("red")).isTrue();
    assertThat(notices.take("red")).isFalse();
  }

  @Test
  void cacheThatIsNotCompared_isNotDue() {
    assertThat(notices.take("green")).isFalse();
  }

  @Test
  void afterAStart_eachCacheIsDueAgain() {
    notices.take("red");

    notices.started();

    assertThat(notices.take("red")).isTrue();
  }
}
