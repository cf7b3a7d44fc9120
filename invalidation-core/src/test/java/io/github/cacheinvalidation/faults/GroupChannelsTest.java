package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.group.GroupListener;
import io.github.cacheinvalidation.internal.group.GroupStatistics;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group of nodes whose cache "red" has a channel of its own, and "green" has not. */
@Tag("G10")
class GroupChannelsTest {

  private static final List<String> CACHES = List.of("red", "green");

  private static TestRedis redis;

  private final String own = "own-" + UUID.randomUUID();

  private final String reds = "reds-" + UUID.randomUUID();

  private final List<DefaultInvalidationNode> nodes = new ArrayList<>();

  /** What the handlers of all nodes got, as {@code cache key #attempt}. */
  private final List<String> handled = new CopyOnWriteArrayList<>();

  private final Set<String> ids = ConcurrentHashMap.newKeySet();

  private final AtomicInteger told = new AtomicInteger();

  private final AtomicInteger cutOff = new AtomicInteger();

  private volatile boolean failing;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(DefaultInvalidationNode::close);
  }

  private final class Handler implements InvalidationGroupHandler {

    private final AtomicInteger running = new AtomicInteger();

    @Override
    public String group() {
      return "search";
    }

    @Override
    public void handle(Message message) {
      assertThat(running.incrementAndGet()).isOne();
      try {
        for (Invalidation.OfCache<Key> stale : message.stale()) {
          ids.add(message.id());
          for (Key key : ((Invalidation.Keys<Key>) stale).keys()) {
            handled.add(stale.cache() + " " + key.text() + " #" + message.attempt());
          }
          if (failing && stale.cache().equals("red")) {
            throw new IllegalStateException("partner is down");
          }
        }
      } finally {
        running.decrementAndGet();
      }
    }

    @Override
    public void everythingMayHaveChanged() {
      told.incrementAndGet();
    }
  }

  private final class Listener implements GroupListener {

    @Override
    public void cutOff(String group, Throwable cause) {
      cutOff.incrementAndGet();
    }
  }

  private DefaultInvalidationNode member(String name) throws InterruptedException {
    RedisChannelSettings settings =
        new RedisChannelSettings(own, name, 10_000, 16_000_000, List.of(), Duration.ofMillis(500))
            .withCacheChannels(Set.of(reds));
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(() -> SpringDataChannel.open(redis.lettuce(), settings))
            .cacheChannels(Map.of("red", reds))
            .caches(cache -> CacheSettings.ofSpec("", Duration.ofMinutes(1), false))
            .build();
    nodes.add(node);
    node.start();
    assertThat(node.awaitJoined(PATIENCE)).isTrue();
    node.groups().handle(List.of(new Handler()), GroupNodesTest.PATIENT, new Listener());
    return node;
  }

  private void write(DefaultInvalidationNode node, String cache, int key) {
    Objects.requireNonNull(node.cacheManager().getCache(cache)).evict(key);
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(node::isDrained);
  }

  private void awaitTold(int times) {
    await().atMost(PATIENCE).until(() -> told.get() >= times);
  }

  private static GroupStatistics statistics(DefaultInvalidationNode node) {
    return node.groups().statistics().get(0);
  }

  @Tag("G10.1")
  @Test
  void messagesOfAllChannels_areHandledOnce() throws InterruptedException {
    DefaultInvalidationNode first = member("first");
    DefaultInvalidationNode second = member("second");
    awaitTold(2);

    for (int key = 0; key < 20; key++) {
      for (String cache : CACHES) {
        write(key % 2 == 0 ? first : second, cache, key);
      }
    }

    await().atMost(PATIENCE).until(() -> handled.size() >= 40);
    assertThat(handled).hasSize(40).doesNotHaveDuplicates().allMatch(each -> each.endsWith(" #1"));
    assertThat(ids).hasSize(40).filteredOn(id -> id.endsWith("@" + reds)).hasSize(20);
    assertThat(told).hasValue(2);
    await().atMost(PATIENCE).until(() -> statistics(first).lag() == 0);
  }

  @Tag("G10.4")
  @Test
  void deadLetter_isKeptBesideTheLogOfItsChannel() throws InterruptedException {
    DefaultInvalidationNode node = member("node");
    awaitTold(2);
    failing = true;

    write(node, "red", 7);
    write(node, "green", 8);

    await().atMost(PATIENCE).until(() -> statistics(node).deadLetters() == 1);
    await().atMost(PATIENCE).until(() -> handled.contains("green 8 #1"));
    assertThat(handled).contains("red 7 #1", "red 7 #2", "red 7 #3").hasSize(4);
    assertThat(redis.command("XLEN", "{" + reds + "}:log:search:dead")).isEqualTo("1");
    assertThat(redis.command("EXISTS", "{" + own + "}:log:search:dead")).isEqualTo("0");
  }

  /** A key of another type in the place of the log makes Redis refuse each command. */
  @Test
  void channelThatRefuses_keepsNoMessageOfAnotherWaiting() throws InterruptedException {
    DefaultInvalidationNode node = member("node");
    awaitTold(2);
    redis.command("DEL", "{" + reds + "}:log");
    redis.command("SET", "{" + reds + "}:log", "not a log");
    await().atMost(PATIENCE).until(() -> cutOff.get() > 0);

    write(node, "green", 1);

    await().atMost(PATIENCE).until(() -> handled.contains("green 1 #1"));
    assertThat(statistics(node).lag()).isNaN();
    redis.command("DEL", "{" + reds + "}:log");
    write(node, "red", 2);
    awaitTold(3);
    await().atMost(PATIENCE).until(() -> statistics(node).lag() == 0);
  }
}
