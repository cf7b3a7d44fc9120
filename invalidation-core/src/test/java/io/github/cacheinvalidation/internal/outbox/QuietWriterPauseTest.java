package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first writes of a burst wait, and not for long. */
class QuietWriterPauseTest {

  private static final Batch ACCEPTED = new Batch();

  static {
    ACCEPTED.accepted().complete(null);
  }

  private static final long QUIET = WriterBursts.QUIET.toNanos();

  private static final int MOST = WriterBursts.MOST_WAITS;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final AtomicInteger pauses = new AtomicInteger();

  private long takes;

  private Duration longestPause = Duration.ZERO;

  private final QuietWriterPause pause = pauseThatShares(new WriterBursts(nanos.get()));

  private QuietWriterPause pauseThatShares(WriterBursts bursts) {
    return new QuietWriterPause(
        nanos::get,
        (batch, longest) -> {
          pauses.incrementAndGet();
          longestPause = longest;
          nanos.addAndGet(takes);
        },
        bursts);
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
  void fewWritesOfABurst_wait() {
    for (int i = 0; i < 100; i++) {
      write();
      nanos.addAndGet(QUIET / 2);
    }

    assertThat(pauses).hasValue(MOST);
  }

  @Test
  void writesOfABurst_waitForALimitedTimeInTotal() {
    takes = WriterBursts.LONGEST.toNanos() * 3 / 4;
    for (int i = 0; i < 5; i++) {
      write();
      assertThat(longestPause).isEqualTo(WriterBursts.LONGEST);
    }
    write();
    assertThat(longestPause).isEqualTo(WriterBursts.LONGEST.dividedBy(4));

    write();

    assertThat(pauses).hasValue(6);
  }

  @Test
  void writeAfterAQuietTime_waitsForTheWholeTimeAgain() {
    takes = QUIET;
    for (int i = 0; i <= MOST; i++) {
      write();
    }
    assertThat(pauses).hasValue(MOST);

    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(MOST + 1);
    assertThat(longestPause).isEqualTo(WriterBursts.LONGEST);
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
  void timeOfAWait_isNoQuietTime() {
    takes = 2 * QUIET;

    for (int i = 0; i < 100; i++) {
      write();
    }

    assertThat(pauses).hasValue(MOST);
  }

  @Test
  void wait_endsWithTheAcceptance() {
    Batch accepted = new Batch();
    accepted.accepted().complete(null);

    QuietWriterPause.awaitAcceptance(accepted, WriterBursts.LONGEST);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Tag("G8.4")
  @Test
  void wait_forAPublicationThatIsNeverAnswered_endsAndThrowsNothing() {
    Batch unanswered = new Batch();

    QuietWriterPause.awaitAcceptance(unanswered, WriterBursts.LONGEST);

    assertThat(unanswered.accepted()).isNotDone();
  }

  @Test
  void wait_forAPublicationThatFailed_throwsNothing() {
    Batch failed = new Batch();
    failed.accepted().completeExceptionally(new IllegalStateException("Injected"));

    QuietWriterPause.awaitAcceptance(failed, WriterBursts.LONGEST);

    assertThat(failed.accepted()).isCompletedExceptionally();
  }

  @Test
  void wait_ofAnInterruptedWriter_endsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    QuietWriterPause.awaitAcceptance(new Batch(), WriterBursts.LONGEST);

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
  void loopOverTheCachesOfSeveralChannels_isOneBurst() {
    WriterBursts bursts = new WriterBursts(nanos.get());
    takes = 2 * QUIET;
    List<QuietWriterPause> channels = List.of(pauseThatShares(bursts), pauseThatShares(bursts));

    for (int i = 0; i < 100; i++) {
      channels.get(i % 2).afterHandOver(ACCEPTED).await();
    }

    assertThat(pauses).hasValue(MOST);
  }

  @Test
  void writesInATransaction_useUpNoWaits() {
    for (int i = 0; i < 100; i++) {
      pause.afterHandOver(ACCEPTED).awaitInsideTransaction();
    }

    write();

    assertThat(pauses).hasValue(1);
  }
}
