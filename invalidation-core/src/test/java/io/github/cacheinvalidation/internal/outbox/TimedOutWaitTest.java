package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a wait that timed out, other writes do not wait in vain. */
class TimedOutWaitTest extends QuietWriterPauseFixture {

  private void timeOut(Batch late) {
    takes = LONGEST;
    pause.afterHandOver(late).await();
    takes = 0;
    nanos.addAndGet(QUIET + 1);
  }

  /** Redis answers too late for a writer, so further waits would time out too. */
  @Tag("G8.4")
  @Test
  void writesAfterAWaitThatTimedOut_doNotWait_untilThatPublicationIsAccepted()
      throws InterruptedException {
    Batch late = new Batch();
    timeOut(late);

    write();
    writeOnAnotherThread();
    assertThat(pauses).hasValue(1);

    late.accepted().complete(null);
    write();
    assertThat(pauses).hasValue(2);
  }

  /** The keys of that publication may have been published with others. */
  @Test
  void writeLongAfterAWaitThatTimedOut_waits() {
    timeOut(new Batch());

    nanos.addAndGet(QuietWriterPause.BACK_OFF.toNanos());
    write();

    assertThat(pauses).hasValue(2);
  }

  /** Such a Redis is far away: it accepts each publication, and always after the wait. */
  @Tag("G8.4")
  @Test
  void writesAfterTwoWaitsThatTimedOut_doNotWait_evenIfThosePublicationsAreAccepted() {
    for (int i = 0; i < 2; i++) {
      Batch late = new Batch();
      timeOut(late);
      late.accepted().complete(null);
    }
    assertThat(pauses).hasValue(2);

    write();
    assertThat(pauses).hasValue(2);

    nanos.addAndGet(QuietWriterPause.BACK_OFF.toNanos());
    write();
    write();
    assertThat(pauses).hasValue(4);
  }

  /** All of them were kept from the processor at the same time. */
  @Test
  void waitsThatTimedOutTogether_countAsOne() throws InterruptedException {
    Batch late = new Batch();
    Acceptance first = pause.afterHandOver(late);
    whilePaused = () -> pause.afterHandOver(late).await();
    takes = LONGEST;
    first.await();
    takes = 0;
    assertThat(pauses).hasValue(2);

    late.accepted().complete(null);
    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(3);
  }

  @Test
  void writeToAnotherChannel_waits() {
    WriterBursts bursts = new WriterBursts();
    takes = LONGEST;
    pauseThatShares(bursts).afterHandOver(new Batch()).await();

    pauseThatShares(bursts).afterHandOver(ACCEPTED).await();

    assertThat(pauses).hasValue(2);
  }

  /** Several writers wait for a Redis that always answers too late. */
  @Test
  void waitsThatTimedOutTogether_afterOneBefore_countAsTwoInARow() {
    Batch first = new Batch();
    timeOut(first);
    first.accepted().complete(null);
    Batch late = new Batch();
    Acceptance second = pause.afterHandOver(late);
    takes = LONGEST;
    whilePaused = () -> pause.afterHandOver(late).await();
    second.await();
    takes = 0;
    assertThat(pauses).hasValue(3);

    late.accepted().complete(null);
    nanos.addAndGet(QUIET + 1);
    write();

    assertThat(pauses).hasValue(3);
  }

  /** A write to several channels has less time for the last of them. */
  @Test
  void shortenedWait_canTimeOutToo() throws InterruptedException {
    takes = LONGEST / 2;
    pause.afterHandOver(new Batch()).await();

    writeOnAnotherThread();

    assertThat(pauses).hasValue(1);
  }

  /** An interrupted thread does not wait, and a burst may have little time left. */
  @Test
  void shortWait_doesNotKeepOthersFromWaiting() throws InterruptedException {
    takes = LONGEST / 2 - 1;
    pause.afterHandOver(new Batch()).await();

    writeOnAnotherThread();

    assertThat(pauses).hasValue(2);
  }
}
