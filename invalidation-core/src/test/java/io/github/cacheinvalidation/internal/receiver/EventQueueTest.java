package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue to the receiver's thread. */
@Tag("G3")
class EventQueueTest {

  private final EventQueue queue = new EventQueue(1_000);

  private void put(int messages) {
    for (int i = 0; i < messages; i++) {
      queue.putMessage(Delivery.ofBody(new byte[36], false), true);
    }
  }

  private int drain() throws InterruptedException {
    int taken = 0;
    for (Event event = queue.poll(0); event != null; event = queue.poll(0)) {
      taken += event instanceof Event.Due ? 0 : 1;
    }
    return taken;
  }

  @Test
  void messagesWithinTheLimit_areAllTaken() throws InterruptedException {
    put(10);

    assertThat(drain()).isEqualTo(10);
    assertThat(queue.takeOverflow()).isFalse();
  }

  @Test
  void messagesBeyondTheLimit_areDroppedAndToldOnce() throws InterruptedException {
    put(1_000);

    assertThat(drain()).isEqualTo(10);
    assertThat(queue.takeOverflow()).isTrue();
    assertThat(queue.takeOverflow()).isFalse();
  }

  @Test
  void messagesThatTakeMoreThanHalf_areToldUntilTheyAreTaken() throws InterruptedException {
    put(5);
    assertThat(queue.isHalfFull()).isFalse();
    put(1);
    assertThat(queue.isHalfFull()).isTrue();

    queue.poll(0);

    assertThat(queue.isHalfFull()).isFalse();
  }

  /** A position is read when a message arrives, so it takes more than its bytes on the wire. */
  @Test
  void messagesWithAPosition_countForMore() throws InterruptedException {
    Delivery delivery =
        new Delivery(new Position("2-0", "b"), new Position("1-0", "a"), null, new byte[36], false);

    for (int i = 0; i < 1_000; i++) {
      queue.putMessage(delivery, false);
    }

    assertThat(drain()).isEqualTo(2);
    assertThat(queue.takeOverflow()).isTrue();
    put(10);
    assertThat(drain()).isEqualTo(10);
  }

  @Test
  void theFirstMessageBeyondTheLimit_wakesTheReceiver() throws InterruptedException {
    queue.putMessage(Delivery.ofBody(new byte[2_000], false), true);
    queue.putMessage(Delivery.ofBody(new byte[2_000], false), true);

    assertThat(queue.poll(0)).isEqualTo(new Event.Due());
    assertThat(queue.poll(0)).isNull();
  }

  @Test
  void aMessageThatNobodyMayRead_isRefusedAndItsBytesAreNotKept() throws InterruptedException {
    queue.putMessage(Delivery.ofBody(new byte[MessageReader.MAX_BYTES + 1], false), true);
    put(10);

    assertThat(queue.poll(0))
        .isInstanceOfSatisfying(
            Event.Refused.class,
            refused ->
                assertThat(refused.reason().kind())
                    .isEqualTo(UnreadableMessageException.Kind.OVERSIZED));
    assertThat(drain()).isEqualTo(10);
    assertThat(queue.takeOverflow()).isFalse();
  }

  @Test
  void otherEvents_areTakenWhateverTheMessages() throws InterruptedException {
    put(1_000);

    queue.put(new Event.Subscribed(1));

    assertThat(drain()).isEqualTo(11);
  }

  @Test
  void aQueueThatWasEmptied_takesMessagesAgain() throws InterruptedException {
    put(1_000);
    drain();

    put(10);

    assertThat(drain()).isEqualTo(10);
  }
}
