package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the channel counts as one that accepts messages, so that a writer waits for room. */
@Tag("G5.3")
class BackpressureTest extends DirectPublicationFixture {

  private static final Duration STALL = Duration.ofMillis(500);

  /** As on a machine that has run for a day. */
  private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());

  private final OutboxState state =
      new OutboxState(new ReentrantLock(), PATIENCE, 1, STALL, nanos::get);

  private void sendBy(@Nullable Sender sender) {
    state.lock();
    state.sendBy(sender);
    state.unlock();
  }

  private boolean isAccepting() {
    state.lock();
    try {
      return state.isAccepting();
    } finally {
      state.unlock();
    }
  }

  @Test
  void channelOfASenderThatHasTakenNothingYet_countsAsAccepting() {
    sendBy(sender(state));

    assertThat(isAccepting()).isTrue();
    nanos.addAndGet(STALL.toNanos() - 1);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void channelThatAcceptsNothingForTheStallTime_doesNot() {
    sendBy(sender(state));

    nanos.addAndGet(STALL.toNanos());

    assertThat(isAccepting()).isFalse();
  }

  @Test
  void afterAnotherStart_theStallTimeBeginsAnew() {
    sendBy(sender(state));
    nanos.addAndGet(STALL.toNanos());
    sendBy(null);
    assertThat(isAccepting()).isFalse();

    sendBy(sender(state));

    assertThat(isAccepting()).isTrue();
  }
}
