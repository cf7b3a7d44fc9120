package io.github.cacheinvalidation.internal.channel.redis.springdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;

/** The thread that reads messages of a client that blocks. */
@Tag("G3")
@Tag("G9")
class BlockingSubscriptionTest {

  private final RedisConnection connection = mock();
  private final BlockingQueue<String> happened = new LinkedBlockingQueue<>();

  @Test
  void memoryThatRunsOutOnTheReadingThread_isALossAndReleasesTheConnection() throws Exception {
    willThrow(new InternalError("Injected: a message of half a gigabyte"))
        .given(connection)
        .subscribe(any(), any(byte[][].class));

    new BlockingSubscription(
            connection,
            Topic.channel("own"),
            mock(),
            cause -> happened.add("lost: " + cause.getMessage()),
            () -> happened.add("stopped"),
            () -> happened.add("released"))
        .started();

    assertThat(happened.poll(20, TimeUnit.SECONDS)).startsWith("lost: Injected");
    assertThat(happened.poll(20, TimeUnit.SECONDS)).isEqualTo("released");
  }

  @Test
  void attachmentThatIsClosedBeforeItsThreadRuns_doesNotSubscribeAndReleasesTheConnection()
      throws Exception {
    BlockingSubscription attachment =
        new BlockingSubscription(
            connection,
            Topic.channel("own"),
            mock(),
            cause -> happened.add("lost"),
            () -> happened.add("stopped"),
            () -> happened.add("released"));

    attachment.close();
    attachment.started();

    assertThat(happened.poll(20, TimeUnit.SECONDS)).isEqualTo("stopped");
    assertThat(happened.poll(20, TimeUnit.SECONDS)).isEqualTo("lost");
    assertThat(happened.poll(20, TimeUnit.SECONDS)).isEqualTo("released");
    verify(connection, never()).subscribe(any(), any(byte[][].class));
  }
}
