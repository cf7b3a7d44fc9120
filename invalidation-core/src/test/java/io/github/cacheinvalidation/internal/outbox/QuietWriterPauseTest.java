package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first writes of a burst wait, and not for long. */
class QuietWriterPauseTest extends QuietWriterPauseFixture {

  private static final Duration FOREVER = Duration.ofDays(1);

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
    useUpTheTimeOfABurst();

    write();

    assertThat(pauses).hasValue(6);
  }

  private void useUpTheTimeOfABurst() {
    takes = LONGEST * 3 / 4;
    for (int i = 0; i < 5; i++) {
      write();
      assertThat(longestPause).isEqualTo(QuietWriterPause.LONGEST);
    }
    write();
    assertThat(longestPause).isEqualTo(QuietWriterPause.LONGEST.dividedBy(4));
    assertThat(pauses).hasValue(6);
  }

  @Test
  void writeAfterAQuietTime_waitsForTheWholeTimeAgain() {
    useUpTheTimeOfABurst();

    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(7);
    assertThat(longestPause).isEqualTo(QuietWriterPause.LONGEST);
  }

  @Test
  void writesAfterAQuietTime_waitAsOftenAgain() {
    for (int i = 0; i <= MOST; i++) {
      write();
    }
    assertThat(pauses).hasValue(MOST);

    nanos.addAndGet(QUIET + 1);
    for (int i = 0; i <= MOST; i++) {
      write();
    }

    assertThat(pauses).hasValue(2 * MOST);
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
  void writeLongAfterALoop_waits() {
    for (int i = 0; i <= MOST; i++) {
      write();
    }
    pause.afterBatch();
    nanos.addAndGet(QuietWriterPause.LONGEST_LOOP.toNanos() + 1);

    write();
    write();

    assertThat(pauses).hasValue(MOST + 2);
  }

  @Test
  void writeLongAfterALoopOverAnotherChannel_waits() {
    WriterBursts bursts = new WriterBursts();
    QuietWriterPause gathering = pauseThatShares(bursts);
    gathering.afterHandOver(ACCEPTED).await();
    gathering.afterBatch();
    nanos.addAndGet(QuietWriterPause.LONGEST_LOOP.toNanos() + 1);

    pauseThatShares(bursts).afterHandOver(ACCEPTED).await();
    gathering.afterHandOver(ACCEPTED).await();

    assertThat(pauses).hasValue(3);
  }

  @Test
  void writeToAnotherChannelThanTheGatheredOne_waits() {
    WriterBursts bursts = new WriterBursts();
    QuietWriterPause gathering = pauseThatShares(bursts);
    gathering.afterHandOver(ACCEPTED).await();

    gathering.afterBatch();
    pauseThatShares(bursts).afterHandOver(ACCEPTED).await();

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
    Batch published = new Batch();
    new Thread(() -> published.accepted().complete(null)).start();

    QuietWriterPause.awaitAcceptance(published, FOREVER);

    assertThat(published.accepted()).isDone();
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

    QuietWriterPause.awaitAcceptance(failed, FOREVER);

    assertThat(failed.accepted()).isCompletedExceptionally();
  }

  @Test
  void wait_ofAnInterruptedWriter_endsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    QuietWriterPause.awaitAcceptance(new Batch(), FOREVER);

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

  @Test
  void burstOfAThread_doesNotKeepAnotherFromWaiting() throws InterruptedException {
    for (int i = 0; i < MOST; i++) {
      write();
    }

    writeOnAnotherThread();

    assertThat(pauses).hasValue(MOST + 1);
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

  @Tag("G8.4")
  @Test
  void waitForSeveralChannels_isNoLongerThanThatForOne() {
    WriterBursts bursts = new WriterBursts();
    long since = nanos.get();
    takes = LONGEST * 3 / 4;

    for (int channel = 0; channel < 4; channel++) {
      pauseThatShares(bursts).afterHandOver(ACCEPTED).awaitSince(since, false);
    }

    assertThat(pauses).hasValue(2);
    assertThat(longestPause).isEqualTo(QuietWriterPause.LONGEST.dividedBy(4));
  }

  @Test
  void loopOverTheCachesOfSeveralChannels_isOneBurst() {
    WriterBursts bursts = new WriterBursts();
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
