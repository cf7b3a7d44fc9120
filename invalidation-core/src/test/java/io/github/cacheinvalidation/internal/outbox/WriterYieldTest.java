package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Only a quiet write lets others run. */
class WriterYieldTest {

  private static final long QUIET = WriterYield.QUIET.toNanos();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final AtomicInteger given = new AtomicInteger();

  private long takes;

  private final WriterYield writerYield =
      new WriterYield(
          nanos::get,
          () -> {
            given.incrementAndGet();
            nanos.addAndGet(takes);
          });

  @Test
  void firstWrite_givesWay() {
    writerYield.afterHandOver();

    assertThat(given).hasValue(1);
  }

  @Test
  void writeAtOnceAfterAnother_doesNotGiveWay() {
    writerYield.afterHandOver();

    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(QUIET / 2);
      writerYield.afterHandOver();
    }

    assertThat(given).hasValue(1);
  }

  @Test
  void writeAfterAPause_givesWay() {
    writerYield.afterHandOver();

    nanos.addAndGet(QUIET + 1);
    writerYield.afterHandOver();

    assertThat(given).hasValue(2);
  }

  @Test
  void writeAfterOthersHaveGathered_doesNotGiveWay_butTheNextOneDoes() {
    writerYield.afterHandOver();
    writerYield.afterBatch();
    nanos.addAndGet(QUIET + 1);
    writerYield.afterHandOver();
    assertThat(given).hasValue(1);

    nanos.addAndGet(QUIET + 1);
    writerYield.afterHandOver();

    assertThat(given).hasValue(2);
  }

  @Test
  void writeAtOnceAfterOneThatGaveWayForLong_doesNotGiveWay() {
    takes = 10 * QUIET;
    writerYield.afterHandOver();

    writerYield.afterHandOver();

    assertThat(given).hasValue(1);
  }
}
