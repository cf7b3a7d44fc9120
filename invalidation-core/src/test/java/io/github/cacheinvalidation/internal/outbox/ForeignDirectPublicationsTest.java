package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A writer's direct publication is published in the formats of the application too. */
class ForeignDirectPublicationsTest extends DirectPublicationFixture {

  private final List<Integer> acceptedAtCalls = new CopyOnWriteArrayList<>();

  @BeforeEach
  void useTheOldForm() {
    writers.add(ForeignPublisherFixture.OLD_FORM);
    writers.add(
        stale -> {
          acceptedAtCalls.add(channel.accepted().size());
          return null;
        });
    outbox = outbox(false);
    start();
  }

  private List<String> awaitForeign(int messages) {
    await().atMost(PATIENCE).until(() -> channel.foreign().size() >= messages);
    return channel.foreign();
  }

  @Test
  void anAnnouncedMessage_isNotWrittenBeforeItIsAccepted() {
    outbox.add("c", 1);
    assertThat(channel.announced()).hasSize(1);

    channel.accept();
    outbox.stop(PATIENCE);

    assertThat(channel.foreign()).containsExactly("old c:1");
    assertThat(acceptedAtCalls).containsExactly(1);
  }

  @Test
  void aFailedDirectPublication_isWrittenOnceAfterTheSenderHasRepeatedIt() {
    outbox.add("c", 1);

    channel.decline(new ChannelException("Injected: no answer", null));
    channel.awaitAccepted(1);

    awaitForeign(1);
    outbox.stop(PATIENCE);
    assertThat(channel.foreign()).containsExactly("old c:1");
  }

  @Test
  void anAnswerAfterTheSenderHasRepeatedTheBatch_writesNothingMore() {
    OutboxState state =
        new OutboxState(new ReentrantLock(), PATIENCE, 1, PATIENCE, System::nanoTime);
    Batch batch = new Batch();
    batch.add("c", 1);

    assertThat(state.accepted(batch, 0)).isTrue();
    assertThat(state.directAccepted(batch)).isFalse();
    assertThat(state.accepted(batch, 0)).isFalse();
  }
}
