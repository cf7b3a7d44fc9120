package io.github.cacheinvalidation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.Choices;
import io.github.cacheinvalidation.wire.BodyWriter;
import io.github.cacheinvalidation.wire.KeyEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tries every order in which writers, the thread of the channel, the sender, and whoever stops and
 * starts the outbox can come, with every answer of the channel. All that they share is guarded by
 * one lock, so an order of what they do under it is all there is to choose; the sender is let come
 * to rest after each step.
 */
@Tag("G5")
class HandoverInterleavingsTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder() {
    assertThat(runAll(5, 0)).isGreaterThan(10_000);
  }

  @Test
  void everyWrite_isAcceptedOnceInEveryOrder_whereTheOutboxIsStoppedAndStarted() {
    assertThat(runAll(3, 1)).isGreaterThan(2_000);
  }

  /** Returns how many orders there are. */
  private static int runAll(int writes, int stops) {
    Choices choices = new Choices();
    int orders = 0;
    do {
      new Run(choices, writes, stops).toEnd();
      orders++;
    } while (choices.next());
    return orders;
  }

  /** One order. */
  private static final class Run {

    private final Choices choices;

    private final SteppedPublications channel;

    private final Handover handover = new Handover(LONG);

    private final Outbox outbox;

    private final List<String> written = new ArrayList<>();

    private final int writes;

    private int stopsLeft;

    private @Nullable Thread stopping;

    Run(Choices choices, int writes, int stops) {
      this.choices = choices;
      this.channel = new SteppedPublications(choices);
      this.writes = writes;
      this.stopsLeft = stops;
      this.outbox =
          new Outbox(
              new KeyEncoder(List.of()),
              new OutboxSettings(false, LONG, 512, 1_000),
              new RecordingOutboxObserver(),
              () -> "nonce",
              new Random(1),
              handover);
    }

    void toEnd() {
      start();
      List<Runnable> steps = steps();
      while (!steps.isEmpty()) {
        steps.get(choices.of(steps.size())).run();
        comeToRest();
        assertThat(channel.underWay()).as("under way after %s", choices).isLessThanOrEqualTo(1);
        assertThat(outbox.pendingKeys())
            .as("pending after %s", choices)
            .isEqualTo(written.size() - channel.accepted().size());
        steps = steps();
      }
      assertThat(channel.accepted())
          .as("accepted after %s", choices)
          .containsExactlyInAnyOrderElementsOf(written);
      outbox.stop(LONG);
    }

    private List<Runnable> steps() {
      List<Runnable> steps = channel.steps();
      if (written.size() < writes) {
        steps.add(this::write);
      }
      if (stopsLeft > 0 && stopping == null) {
        steps.add(this::beginToStop);
      }
      if (stopping != null && !stopping.isAlive()) {
        steps.add(this::start);
      }
      return steps;
    }

    private void write() {
      String key = "k" + written.size();
      written.add(key);
      outbox.add("c", key);
    }

    private void start() {
      stopping = null;
      outbox.start(channel, new BodyWriter("node", "me"));
      comeToRest();
    }

    private void beginToStop() {
      stopsLeft--;
      Thread thread = new Thread(() -> outbox.stop(LONG));
      thread.start();
      stopping = thread;
    }

    /** Until the sender waits for a write, or for an answer, or has ended and was waited for. */
    private void comeToRest() {
      long begin = System.nanoTime();
      while (!isAtRest()) {
        assertThat(System.nanoTime() - begin)
            .as("time without rest after %s", choices)
            .isLessThan(PATIENCE_NANOS);
        Thread.onSpinWait();
      }
    }

    private boolean isAtRest() {
      handover.lock();
      try {
        boolean told = stopping == null || outbox.sender() == null;
        boolean over = stopping != null && !stopping.isAlive();
        return told && (over || handover.isSenderIdle() || channel.isSending());
      } finally {
        handover.unlock();
      }
    }
  }
}
