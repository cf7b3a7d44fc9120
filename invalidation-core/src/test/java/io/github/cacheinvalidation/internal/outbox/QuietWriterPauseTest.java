package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Only a quiet write waits, and not for long. */
class QuietWriterPauseTest {

  private static final Batch ACCEPTED = new Batch();

  static {
    ACCEPTED.accepted().complete(null);
  }

  private static final long QUIET = QuietWriterPause.QUIET.toNanos();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final AtomicInteger pauses = new AtomicInteger();

  private long takes;

  private final QuietWriterPause pause = pauseThatShares(QuietWriterPause.quiet(nanos.get()));

  private QuietWriterPause pauseThatShares(AtomicLongArray waited) {
    return new QuietWriterPause(
        nanos::get,
        (batch, longest) -> {
          pauses.incrementAndGet();
          nanos.addAndGet(takes);
        },
        waited);
  }

  private void write() {
    pause.afterHandOver(ACCEPTED).await();
  }

  private void writeOnAnotherThread() throws InterruptedException {
    Thread writer = new Thread(this::write);
    writer.start();
    writer.join();
  }

  @Test
  void firstWrite_waits() {
    write();

    assertThat(pauses).hasValue(1);
  }

  @Test
  void writeAtOnceAfterAnother_doesNotWait() {
    write();

    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(QUIET / 2);
      write();
    }

    assertThat(pauses).hasValue(1);
  }

  @Test
  void writeAfterAQuietTime_waits() {
    write();

    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(2);
  }

  @Test
  void writeOfAThreadWhoseLastKeysWereGathered_doesNotWait_butTheNextOneDoes() {
    write();
    pause.afterBatch();
    nanos.addAndGet(QUIET + 1);
    write();
    assertThat(pauses).hasValue(1);

    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(2);
  }

  @Test
  void writeAtOnceAfterOneThatWaitedForLong_doesNotWait() {
    takes = 10 * QUIET;
    write();

    write();

    assertThat(pauses).hasValue(1);
  }

  @Test
  void wait_endsWithTheAcceptance() {
    Batch accepted = new Batch();
    accepted.accepted().complete(null);

    QuietWriterPause.awaitAcceptance(accepted, QuietWriterPause.LONGEST);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Tag("G8.4")
  @Test
  void wait_forAPublicationThatIsNeverAnswered_endsAndThrowsNothing() {
    Batch unanswered = new Batch();

    QuietWriterPause.awaitAcceptance(unanswered, QuietWriterPause.LONGEST);

    assertThat(unanswered.accepted()).isNotDone();
  }

  @Test
  void wait_forAPublicationThatFailed_throwsNothing() {
    Batch failed = new Batch();
    failed.accepted().completeExceptionally(new IllegalStateException("Injected"));

    QuietWriterPause.awaitAcceptance(failed, QuietWriterPause.LONGEST);

    assertThat(failed.accepted()).isCompletedExceptionally();
  }

  @Test
  void wait_ofAnInterruptedWriter_endsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    QuietWriterPause.awaitAcceptance(new Batch(), QuietWriterPause.LONGEST);

    assertThat(Thread.interrupted()).isTrue();
  }

  /** The channel may need that thread to accept, so it would wait in vain. */
  @Test
  void writeOnANodeThread_doesNotWait() throws InterruptedException {
    Thread node = new Thread(this::write, "cache-invalidation-receiver");

    node.start();
    node.join();

    assertThat(pauses).hasValue(0);
  }

  /** A thread of Netty serves many connections. */
  @Test
  void writeOnAnEventLoop_doesNotWait() throws InterruptedException {
    Thread eventLoop = new FastThreadLocalThread(this::write, "application");

    eventLoop.start();
    eventLoop.join();

    assertThat(pauses).hasValue(0);
  }

  @Test
  void writeInATransaction_doesNotWait() {
    pause.afterHandOver(ACCEPTED).awaitInsideTransaction();

    assertThat(pauses).hasValue(0);
  }

  /** Each of them stands for one change, such as the request of a user. */
  @Test
  void writesOfSeveralThreadsAtOnce_waitEach() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      writeOnAnotherThread();
    }

    assertThat(pauses).hasValue(3);
  }

  @Test
  void writeOfAThreadThatGathers_doesNotWait_evenIfAnotherHasPublishedMeanwhile()
      throws InterruptedException {
    write();
    nanos.addAndGet(QUIET + 1);
    pause.afterBatch();
    writeOnAnotherThread();
    assertThat(pauses).hasValue(2);

    write();

    assertThat(pauses).hasValue(2);
  }

  /** Redis answers too late for a writer, so further waits would time out too. */
  @Test
  void writesAfterAWaitThatTimedOut_doNotWait_untilThatPublicationIsAccepted()
      throws InterruptedException {
    Batch late = new Batch();
    pause.afterHandOver(late).await();
    assertThat(pauses).hasValue(1);

    nanos.addAndGet(QUIET + 1);
    write();
    writeOnAnotherThread();
    assertThat(pauses).hasValue(1);

    late.accepted().complete(null);
    nanos.addAndGet(QUIET + 1);
    write();
    assertThat(pauses).hasValue(2);
  }

  /** The keys of that publication may have been published with others. */
  @Test
  void writeLongAfterAWaitThatTimedOut_waits() {
    pause.afterHandOver(new Batch()).await();

    nanos.addAndGet(QuietWriterPause.BACK_OFF.toNanos());
    write();

    assertThat(pauses).hasValue(2);
  }

  @Test
  void loopOverTheCachesOfSeveralChannels_waitsOnce() {
    AtomicLongArray waited = QuietWriterPause.quiet(nanos.get());
    takes = 2 * QUIET;
    List<QuietWriterPause> channels = List.of(pauseThatShares(waited), pauseThatShares(waited));

    for (int i = 0; i < 10; i++) {
      channels.get(i % 2).afterHandOver(ACCEPTED).await();
    }

    assertThat(pauses).hasValue(1);
  }

  @Test
  void writesOfAThread_beforeItHasWaitedForTheFirst_doNotWait() {
    Acceptance first = pause.afterHandOver(ACCEPTED);

    nanos.addAndGet(QUIET / 2);
    write();

    assertThat(pauses).hasValue(0);
    first.await();
    assertThat(pauses).hasValue(1);
  }
}
