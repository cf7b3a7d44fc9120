package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A pause with a clock of its own, in which a wait takes a given time. */
abstract class QuietWriterPauseFixture {

  static final Batch ACCEPTED = new Batch();

  static {
    ACCEPTED.accepted().complete(null);
  }

  static final long QUIET = WriterBursts.QUIET.toNanos();

  static final int MOST = WriterBursts.MOST_WAITS;

  static final long LONGEST = QuietWriterPause.LONGEST.toNanos();

  final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  final AtomicInteger pauses = new AtomicInteger();

  long takes;

  Duration longestPause = Duration.ZERO;

  /** Runs once, during the next pause. */
  Runnable whilePaused = () -> {};

  final QuietWriterPause pause = pauseThatShares(new WriterBursts());

  QuietWriterPause pauseThatShares(WriterBursts bursts) {
    return new QuietWriterPause(
        nanos::get,
        (batch, longest) -> {
          pauses.incrementAndGet();
          longestPause = longest;
          Runnable other = whilePaused;
          whilePaused = () -> {};
          other.run();
          nanos.addAndGet(takes);
        },
        bursts);
  }

  void write() {
    pause.afterHandOver(ACCEPTED).await();
  }

  void writeOnAnotherThread() throws InterruptedException {
    onAnotherThread(this::write);
  }

  /** Runs an action on a thread that does not count as the present one. */
  static void onAnotherThread(Runnable action) throws InterruptedException {
    int present = WriterBursts.thread();
    AtomicBoolean done = new AtomicBoolean();
    while (!done.get()) {
      Thread other =
          new Thread(
              () -> {
                if (WriterBursts.thread() != present) {
                  action.run();
                  done.set(true);
                }
              });
      other.start();
      other.join();
    }
  }
}
