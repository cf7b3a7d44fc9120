package io.github.cacheinvalidation.internal.channel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The channel inside one JVM. */
class LocalChannelTest extends ChannelContract {

  private final LocalHub hub = new LocalHub();

  @Override
  protected Channel open(String channelName) {
    return hub.open(channelName);
  }

  @Test
  void aFullLog_dropsItsOldestEntries() {
    Channel channel = new LocalHub(3, () -> "first").open("small");
    for (int i = 0; i < 5; i++) {
      publish(channel, i);
    }

    assertThat(channel.log().read(new Position("1-0", "0"), 10).entries())
        .extracting(LogEntry::position)
        .extracting(Position::nonce)
        .containsExactly("2", "3", "4");
  }

  @Test
  void aSubscriberSlowerThanTheLogIsLong_isLost() {
    Channel channel = new LocalHub(3, () -> "first").open("small");
    CountDownLatch go = new CountDownLatch(1);
    RecordingSubscriber recording = new RecordingSubscriber();
    channel.feed().subscribe(new BlockingSubscriber(recording, go));
    publish(channel, 0);
    recording.awaitSubscribed();
    for (int i = 1; i < 9; i++) {
      publish(channel, i);
    }

    go.countDown();

    assertThat(recording.awaitLost()).hasMessageContaining("too slow: entries were dropped");
    assertThat(recording.losses()).hasSize(1);
    channel.close();
  }

  @Test
  void aClosedChannel_leavesNoThread() {
    Channel channel = hub.open("threads");
    channel.feed().subscribe(new RecordingSubscriber());

    channel.close();

    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(
                        thread -> thread.getName().equals("cache-invalidation-local-threads")));
  }

  @Test
  void anotherHub_isAnotherServer() {
    Channel here = hub.open("same");
    Channel there = new LocalHub().open("same");

    assertThat(here.log().tip().serverId()).isNotEqualTo(there.log().tip().serverId());
    assertThat(here.log().tip().position()).isNotEqualTo(there.log().tip().position());
  }

  @Test
  void aLogOfNoEntries_isRefused() {
    assertThatThrownBy(() -> new LocalHub(0, () -> "first"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'maxEntries' must be at least 1 but was 0");
  }

  private static void publish(Channel channel, int number) {
    channel
        .log()
        .append(
            new Publication(
                String.valueOf(number),
                ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8)));
  }

  private record BlockingSubscriber(RecordingSubscriber target, CountDownLatch go)
      implements io.github.cacheinvalidation.internal.channel.Subscriber {

    @Override
    public void subscribed() {
      target.subscribed();
    }

    @Override
    public void received(Delivery delivery) {
      try {
        go.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      target.received(delivery);
    }

    @Override
    public void lost(Throwable cause) {
      target.lost(cause);
    }
  }
}
