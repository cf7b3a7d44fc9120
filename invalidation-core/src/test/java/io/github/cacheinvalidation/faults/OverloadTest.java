package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TcpProxy.Connection;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More messages than is usual, or than a subscriber takes. */
@Tag("G3")
class OverloadTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static final int PUBLISHERS = 4;

  private static final int MESSAGES_PER_MILLISECOND = 10;

  private static final int MESSAGES = 30_000;

  private static final String BIG = "x".repeat(15_000);

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  private static Consumer<NodeBuilder> checking(Duration interval, Duration timeout) {
    return ShopNode.bounds(ShopNode.BOUND, LONG)
        .andThen(
            node ->
                node.receiver(new ReceiverSettings(interval, ShopNode.BOUND, timeout, 1 << 20)));
  }

  @Tag("G3.25")
  @Test
  void tenThousandMessagesASecond_withACheckEveryTenMilliseconds_clearNothing()
      throws InterruptedException {
    ShopNode node =
        shop.node("node", redis.lettuce(), checking(Duration.ofMillis(10), Duration.ofMillis(500)));
    node.join();
    shop.fill(20);
    shop.readAll(node);
    List<Thread> publishers = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      Thread publisher = new Thread(this::publish, "publisher-" + i);
      publisher.start();
      publishers.add(publisher);
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }

    shop.database.replaceAll((key, value) -> 1);
    publishAll(channel("last"));
    node.awaitCoherent();
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
    assertThat(node.observer.checked).hasValueGreaterThan(20);
    assertThat(Long.parseLong(redis.command("XLEN", shop.log()).toString()))
        .as("nothing was trimmed")
        .isGreaterThan(MESSAGES);
  }

  private Channel channel(String name) {
    return SpringDataChannel.open(
        redis.lettuce(),
        new RedisChannelSettings(
            shop.channel, name, 100_000, 64_000_000, List.of(), Duration.ofSeconds(5)));
  }

  private static void publish(Channel channel, long key) {
    byte[] body =
        new BodyWriter("raw", "id")
            .write(
                List.of(
                    new Invalidation.Keys<>(
                        ShopNode.CACHE,
                        List.of(String.valueOf(key).getBytes(StandardCharsets.UTF_8)))));
    channel.log().append(new Publication(UUID.randomUUID().toString(), body));
  }

  private void publishAll(Channel opened) {
    try (Channel channel = opened) {
      shop.database.keySet().forEach(key -> publish(channel, key));
    }
  }

  /** Publishes its part, as evenly as the machine lets it. */
  private void publish() {
    try (Channel channel = channel("raw")) {
      long start = System.nanoTime();
      long perMessage = 1_000_000L * PUBLISHERS / MESSAGES_PER_MILLISECOND;
      for (int i = 0; i < MESSAGES / PUBLISHERS; i++) {
        publish(channel, 1_000 + i);
        long early = start + i * perMessage - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
        }
      }
    }
  }

  @Tag("G3.22")
  @ParameterizedTest
  @EnumSource
  void aSubscriberCutOffForItsFullBuffer_isHealedByReplay(Client client) {
    redis.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 0 0");
    TcpProxy network = shop.network(redis);
    ShopNode node =
        shop.node(
                "node",
                client.of(redis, network),
                checking(Duration.ofMillis(100), Duration.ofMinutes(1)))
            .join();
    ShopNode writer =
        shop.node("writer", redis.lettuce(), ShopNode.bounds(ShopNode.BOUND, LONG)).join();
    shop.fill(20);
    shop.readAll(node);
    assertThat(network.freeze(Connection::isSubscriber)).isEqualTo(1);

    for (int round = 0; isSubscribed(node); round++) {
      assertThat(round).as("rounds of 6 MB").isLessThan(10);
      for (int i = 0; i < 400; i++) {
        writer.cache().evict(round + "-" + i + BIG);
      }
      Shop.awaitPublished(writer);
    }
    shop.writeAll(writer);
    Shop.awaitPublished(writer);
    assertThat(node.observer.lost).as("it cannot know yet").hasValue(0);
    network.thaw();

    await().atMost(PATIENCE).until(() -> node.observer.lost.get() > 0);
    node.awaitCoherent();
    await().atMost(PATIENCE).until(() -> node.observer.replayed.get() > 0);
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  private boolean isSubscribed(ShopNode node) {
    return redis.clientsNamed(node.clientName).stream()
        .anyMatch(client -> client.contains(" flags=P "));
  }
}
