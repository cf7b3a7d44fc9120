package io.github.cacheinvalidation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Only a quiet write lets others run. */
class GivingWayTest {

  private static final long QUIET = GivingWay.QUIET.toNanos();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final AtomicInteger given = new AtomicInteger();

  private long takes;

  private final GivingWay givingWay =
      new GivingWay(
          nanos::get,
          () -> {
            given.incrementAndGet();
            nanos.addAndGet(takes);
          });

  @Test
  void firstWrite_givesWay() {
    givingWay.afterHandOver();

    assertThat(given).hasValue(1);
  }

  @Test
  void writeAtOnceAfterAnother_doesNotGiveWay() {
    givingWay.afterHandOver();

    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(QUIET / 2);
      givingWay.afterHandOver();
    }

    assertThat(given).hasValue(1);
  }

  @Test
  void writeAfterAPause_givesWay() {
    givingWay.afterHandOver();

    nanos.addAndGet(QUIET + 1);
    givingWay.afterHandOver();

    assertThat(given).hasValue(2);
  }

  @Test
  void writeAfterOthersHaveGathered_doesNotGiveWay_butTheNextOneDoes() {
    givingWay.afterHandOver();
    givingWay.afterGathering();
    nanos.addAndGet(QUIET + 1);
    givingWay.afterHandOver();
    assertThat(given).hasValue(1);

    nanos.addAndGet(QUIET + 1);
    givingWay.afterHandOver();

    assertThat(given).hasValue(2);
  }

  @Test
  void writeAtOnceAfterOneThatGaveWayForLong_doesNotGiveWay() {
    takes = 10 * QUIET;
    givingWay.afterHandOver();

    givingWay.afterHandOver();

    assertThat(given).hasValue(1);
  }
}
