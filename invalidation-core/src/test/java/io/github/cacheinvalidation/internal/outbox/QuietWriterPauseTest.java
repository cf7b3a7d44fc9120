package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Only a quiet write waits, and not for long. */
class QuietWriterPauseTest {

  private static final Batch BATCH = new Batch();

  private static final long QUIET = QuietWriterPause.QUIET.toNanos();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final AtomicInteger pauses = new AtomicInteger();

  private long takes;

  private final QuietWriterPause pause =
      new QuietWriterPause(
          nanos::get,
          batch -> {
            pauses.incrementAndGet();
            nanos.addAndGet(takes);
          });

  @Test
  void firstWrite_waits() {
    pause.afterHandOver(BATCH);

    assertThat(pauses).hasValue(1);
  }

  @Test
  void writeAtOnceAfterAnother_doesNotWait() {
    pause.afterHandOver(BATCH);

    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(QUIET / 2);
      pause.afterHandOver(BATCH);
    }

    assertThat(pauses).hasValue(1);
  }

  @Test
  void writeAfterAQuietTime_waits() {
    pause.afterHandOver(BATCH);

    nanos.addAndGet(QUIET + 1);
    pause.afterHandOver(BATCH);

    assertThat(pauses).hasValue(2);
  }

  @Test
  void writeAfterOthersHaveGathered_doesNotWait_butTheNextOneDoes() {
    pause.afterHandOver(BATCH);
    pause.afterBatch();
    nanos.addAndGet(QUIET + 1);
    pause.afterHandOver(BATCH);
    assertThat(pauses).hasValue(1);

    nanos.addAndGet(QUIET + 1);
    pause.afterHandOver(BATCH);

    assertThat(pauses).hasValue(2);
  }

  @Test
  void writeAtOnceAfterOneThatWaitedForLong_doesNotWait() {
    takes = 10 * QUIET;
    pause.afterHandOver(BATCH);

    pause.afterHandOver(BATCH);

    assertThat(pauses).hasValue(1);
  }

  @Test
  void wait_endsWithTheAcceptance() {
    Batch accepted = new Batch();
    accepted.accepted().complete(null);

    QuietWriterPause.awaitAcceptance(accepted);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void wait_forAPublicationThatIsNeverAnswered_endsAndThrowsNothing() {
    Batch unanswered = new Batch();

    QuietWriterPause.awaitAcceptance(unanswered);

    assertThat(unanswered.accepted()).isNotDone();
  }

  @Test
  void wait_forAPublicationThatFailed_throwsNothing() {
    Batch failed = new Batch();
    failed.accepted().completeExceptionally(new IllegalStateException("Injected"));

    QuietWriterPause.awaitAcceptance(failed);

    assertThat(failed.accepted()).isCompletedExceptionally();
  }

  @Test
  void wait_ofAnInterruptedWriter_endsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    QuietWriterPause.awaitAcceptance(new Batch());

    assertThat(Thread.interrupted()).isTrue();
  }
}
