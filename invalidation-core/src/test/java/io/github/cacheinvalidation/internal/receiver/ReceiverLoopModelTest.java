package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker try the interleavings of the delivering thread, the receiver's thread, and
 * other threads that put events into its queue: messages are handled in the order in which they
 * were delivered, one at a time, each once, and the thread never sleeps past the time of the next
 * task.
 */
@Tag("G3")
@Tag("G8")
@Tag("model")
class ReceiverLoopModelTest {

  private static final int INTERLEAVINGS = 500;

  private static final long FIRST_DUE = 1_000;

  /** Time stands still, and each message that is handled makes something due earlier. */
  public static final class Node {

    private static final byte[] BODY =
        "{\"v\":1,\"from\":\"o/1\"}".getBytes(StandardCharsets.US_ASCII);

    private final EventQueue queue = new EventQueue(1 << 20);

    private final Log log = new Log();

    private final ReceiverLoop follower = new ReceiverLoop(log, queue, () -> {}, () -> 0);

    private int delivered;

    private volatile long asleepUntil;

    @Operation
    public boolean deliver() {
      queue.putMessage(message(delivered++), true);
      return true;
    }

    @Operation
    public boolean receive() {
      asleepUntil = follower.takeNext(0);
      return true;
    }

    @Operation
    public boolean put() {
      queue.put(new Event.Due());
      return true;
    }

    /** After all have ended. */
    @Operation
    public boolean isRight() {
      boolean awake = !queue.isIdle() || asleepUntil <= log.due;
      while (!queue.isIdle()) {
        follower.takeNext(0);
      }
      return awake
          && log.isRight
          && log.handled.equals(IntStream.range(0, delivered).boxed().toList());
    }

    private static Delivery message(int number) {
      Position position = new Position(number + "-0", "n");
      return new Delivery(position, null, null, BODY, false);
    }
  }

  /** Records the handled events. Without any lock, as the receiver. */
  private static final class Log implements EventHandler {

    private final List<Integer> handled = new ArrayList<>();

    private boolean isRight = true;

    private volatile boolean busy;

    private long due = FIRST_DUE;

    @Override
    public void on(Event event, long now) {
      isRight &= !busy;
      busy = true;
      if (event instanceof Event.Received received) {
        Position position = received.delivery().position();
        handled.add(position == null ? -1 : position.entryId().charAt(0) - '0');
        due--;
      }
      busy = false;
    }

    @Override
    public long tick(long now) {
      return due;
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean deliver() {
      return true;
    }

    public boolean receive() {
      return true;
    }

    public boolean put() {
      return true;
    }

    public boolean isRight() {
      return true;
    }
  }

  /** Each list has the operations of one thread, after the common ones and before the question. */
  private static void check(List<String> before, List<List<String>> threads) {
    new ModelCheck(Node.class, Right.class, INTERLEAVINGS)
        .scenario(before, threads, List.of("isRight"))
        .run();
  }

  @Test
  void messages_whileTheReceiverTakesItsTurn() {
    check(List.of(), List.of(List.of("deliver", "deliver"), List.of("receive", "receive")));
  }

  @Test
  void messages_whileOthersPutEvents() {
    check(
        List.of("receive"),
        List.of(List.of("deliver", "deliver"), List.of("put"), List.of("receive")));
  }

  @Test
  void messages_behindOneThatHasToWait() {
    check(
        List.of("put", "deliver"),
        List.of(List.of("deliver", "deliver"), List.of("receive", "receive")));
  }
}
