package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.junit.Choices;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tries every order of a few writes, the steps of the channel's thread, the steps of the sender,
 * and the stops and starts of the outbox. The channel takes or refuses a task, begins a publication
 * or does not, and answers or fails. One lock guards all shared state, so the order of the locked
 * sections is the only choice. After a step the sender comes to rest. A limited number of times the
 * woken sender does not get the lock until after the next step. Cases that take time (a refused
 * message that is kept, a publication that is never answered) are tried in {@link
 * FailedDirectPublicationsTest} and {@link RefusedPublicationsTest}.
 *
 * <p>Each write has a cache of its own, so that whichever stands for it, its key or its cache, can
 * be told from the others.
 */
@Tag("G5")
@Tag("model")
class OutboxStateInterleavingsTest {

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder() {
    assertThat(runAll(OutboxPlan.ofWrites(5))).isGreaterThan(10_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereTheOutboxIsStoppedAndStarted() {
    assertThat(runAll(OutboxPlan.ofWrites(3).withStops(1))).isGreaterThan(2_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereTheSenderIsSlow() {
    assertThat(runAll(OutboxPlan.ofWrites(3).withDelays(2))).isGreaterThan(2_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereTheSenderHasNoAnswer() {
    assertThat(runAll(OutboxPlan.ofWrites(2).withFailures(1))).isGreaterThan(50);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereSeveralPublishAtOnce() {
    assertThat(runAll(OutboxPlan.ofWrites(4).withDirect(2))).isGreaterThan(5_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereSeveralPublishAndTheOutboxIsStopped() {
    assertThat(runAll(OutboxPlan.ofWrites(3).withStops(1).withDirect(2))).isGreaterThan(2_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereSeveralPublishAndTheSenderIsSlow() {
    assertThat(runAll(OutboxPlan.ofWrites(3).withDelays(1).withDirect(2))).isGreaterThan(500);
  }

  @Tag("G5.3")
  @Test
  void writersThatWaitForRoom_areLetGoInEveryOrder_andNoCacheIsCleared() {
    assertThat(runAll(OutboxPlan.ofWrites(6).withRoom(1))).isGreaterThan(1_000);
  }

  @Test
  void writersThatWaitForRoom_areLetGoInEveryOrder_whereTheOutboxIsStoppedAndStarted() {
    assertThat(runAll(OutboxPlan.ofWrites(4).withStops(1).withRoom(1))).isGreaterThan(300);
  }

  @Tag("G8.3")
  @Test
  void writersThatWaitForRoom_areLetGoInEveryOrder_whereTheSenderHasNoAnswer() {
    assertThat(runAll(OutboxPlan.ofWrites(4).withFailures(1).withRoom(1))).isGreaterThan(50);
  }

  @Tag("G8.3")
  @Test
  void writers_waitInNoOrderWhereNothingIsAccepted() {
    assertThat(runAll(OutboxPlan.ofWrites(5).withRoom(1).withStall(Duration.ZERO)))
        .isGreaterThan(200);
  }

  /** A writer hands over what there is room for, and finishes after any number of other steps. */
  @Tag("G5.3")
  @Test
  void writesThatAreOfferedFirst_areAcceptedOnceInEveryOrder_andNoCacheIsCleared() {
    assertThat(runAll(OutboxPlan.ofWrites(5).withRoom(1).withOffers())).isGreaterThan(500);
  }

  @Test
  void writesThatAreOfferedFirst_areAcceptedOnceInEveryOrder_whereTheOutboxIsStoppedAndStarted() {
    assertThat(runAll(OutboxPlan.ofWrites(3).withStops(1).withRoom(1).withOffers()))
        .isGreaterThan(1000);
  }

  /** Returns how many orders there are. */
  private static int runAll(OutboxPlan plan) {
    Choices choices = new Choices();
    int orders = 0;
    do {
      new OutboxRun(choices, plan).toEnd();
      orders++;
    } while (choices.next());
    return orders;
  }
}
