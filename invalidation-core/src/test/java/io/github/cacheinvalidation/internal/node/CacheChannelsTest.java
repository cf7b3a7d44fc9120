package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.FaultyChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

/** Nodes whose caches "red" and "blue" have the channels "reds" and "blues", on one hub. */
@Tag("G3")
class CacheChannelsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration INTERVAL = Duration.ofMillis(50);

  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Duration HOUR = Duration.ofHours(1);

  private static final Map<String, String> CHANNELS = Map.of("red", "reds", "blue", "blues");

  private final LocalHub hub = new LocalHub();

  private final List<Node> nodes = new ArrayList<>();

  /** A node, its channel, and what its observer was told. */
  private final class Node implements InvalidationObserver, AutoCloseable {

    private final List<String> applied = new CopyOnWriteArrayList<>();

    private final List<String> cleared = new CopyOnWriteArrayList<>();

    private final AtomicInteger joined = new AtomicInteger();

    private final DefaultInvalidationNode node;

    private FaultyChannel channel = new FaultyChannel(hub.open("unused"));

    /** The failing checks of the channel "reds" at the next start. */
    private int failingChecks;

    Node(Map<String, String> channels, Duration staleness) {
      node =
          DefaultInvalidationNode.builder()
              .channel(() -> opened(new TreeSet<>(channels.values())))
              .cacheChannels(channels)
              .caches(cache -> CacheSettings.ofSpec("", staleness, false))
              .coherence(new ReceiverSettings(INTERVAL, SHORT, Duration.ofMillis(500), 1 << 20))
              .observer(this)
              .build();
      nodes.add(this);
    }

    private Channel opened(Set<String> names) {
      channel = new FaultyChannel(hub.open("own", names));
      if (failingChecks > 0) {
        reds().failChecks(failingChecks);
      }
      return channel;
    }

    FaultyChannel reds() {
      return channel.cacheChannel("reds");
    }

    Node join() {
      node.start();
      await().atMost(PATIENCE).until(() -> joined.get() > 0);
      awaitState(State.COHERENT);
      return this;
    }

    void awaitState(State state) {
      await().atMost(PATIENCE).until(() -> node.status().state() == state);
    }

    Cache cache(String name) {
      return Objects.requireNonNull(node.cacheManager().getCache(name));
    }

    void fill(String... names) {
      for (String name : names) {
        for (int key = 0; key < 3; key++) {
          int value = key;
          cache(name).get(key, () -> value);
        }
      }
    }

    boolean holds(String name, int key) {
      return cache(name).get(key) != null;
    }

    void awaitEvicted(String name, int key) {
      await(name + " " + key).atMost(PATIENCE).until(() -> !holds(name, key));
    }

    @Override
    public void joined() {
      joined.incrementAndGet();
    }

    @Override
    public void applied(String cache, int keys) {
      applied.add(cache);
    }

    @Override
    public void cleared(String cache, ClearReason reason) {
      cleared.add(cache + " " + reason);
    }

    List<String> clearedSinceTheJoin() {
      return cleared.stream().filter(each -> !each.endsWith("JOINED")).toList();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private Node node() {
    return new Node(CHANNELS, HOUR);
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  private void publish(String channel, String caches) {
    try (Channel opened = hub.open(channel)) {
      opened
          .log()
          .append(
              new Publication(
                  UUID.randomUUID().toString(),
                  ("{\"v\":1,\"from\":\"other/1\",\"body\":1,\"caches\":{" + caches + "}}")
                      .getBytes(StandardCharsets.UTF_8)));
    }
  }

  private long entries(String channel) {
    try (Channel opened = hub.open(channel)) {
      String id = opened.log().tip().position().entryId();
      return Long.parseLong(id.substring(0, id.indexOf('-')));
    }
  }

  @Test
  void write_reachesOtherNodesOverTheChannelOfItsCache() {
    Node writer = node().join();
    Node reader = node().join();
    reader.fill("red", "blue", "green");
    long own = entries("own");
    long reds = entries("reds");

    writer.cache("red").evict(1);
    reader.awaitEvicted("red", 1);
    assertThat(entries("own")).isEqualTo(own);
    assertThat(entries("reds")).isEqualTo(reds + 1);
    writer.cache("blue").clear();
    writer.cache("green").put(2, 7);

    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 2);
    assertThat(entries("own")).isEqualTo(own + 1);
    assertThat(reader.holds("red", 2)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
  }

  @Test
  void node_hearsOnlyTheChannelsOfItsCaches() {
    Node writer = node().join();
    Node reader = new Node(Map.of("blue", "blues"), HOUR).join();
    reader.fill("blue", "green");

    writer.cache("red").evict(1);
    writer.cache("blue").evict(1);
    writer.cache("green").evict(1);

    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 1);
    await().atMost(PATIENCE).until(() -> entries("reds") > 1);
    assertThat(reader.applied).containsExactlyInAnyOrder("blue", "green");
  }

  /** A cache that moves to another channel is written on both for a time. */
  @Test
  void message_isAppliedToACacheOfAnotherChannelToo() {
    Node reader = node().join();
    reader.fill("red", "green");

    publish("own", "\"red\":[1]");
    publish("blues", "\"green\":[2]");

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("green", 2);
    assertThat(reader.clearedSinceTheJoin()).isEmpty();
  }

  @Test
  void lostMessageOfOneChannel_isReadFromItsLog() {
    Node writer = node().join();
    Node reader = node().join();
    reader.fill("red", "blue");
    int readsOfOthers = reader.channel.reads();
    reader.reds().drop(1);

    writer.cache("red").evict(1);

    reader.awaitEvicted("red", 1);
    assertThat(reader.reds().dropped()).isEqualTo(1);
    assertThat(reader.channel.reads()).isEqualTo(readsOfOthers);
    assertThat(reader.clearedSinceTheJoin()).isEmpty();
  }

  @Tag("G3.34")
  @Test
  void otherServerOfOneChannel_clearsTheCachesOfThatChannelAlone() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.reds().moveTo("another server");

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("red SUSPECTED_LOSS"));
    reader.awaitState(State.COHERENT);
    assertThat(reader.clearedSinceTheJoin()).containsExactly("red SUSPECTED_LOSS");
    assertThat(reader.holds("blue", 1)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
  }

  @Test
  void otherServerOfTheOwnChannel_clearsNoCacheOfACacheChannel() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.channel.moveTo("another server");

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("green SUSPECTED_LOSS"));
    reader.awaitState(State.COHERENT);
    assertThat(reader.clearedSinceTheJoin()).containsExactly("green SUSPECTED_LOSS");
  }

  /** The other caches are older than their bound then, so they would be cleared too. */
  @Tag("G4.17")
  @Test
  void channelThatDoesNotAnswer_agesTheCachesOfThatChannelAlone() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.reds().cutOff();

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("red STALENESS_BOUND"));
    assertThat(reader.node.status().state()).isEqualTo(State.CUT_OFF);
    assertThat(reader.node.status().reason()).contains("Channel 'reds'");
    long since = System.nanoTime() + SHORT.toNanos();
    await().atMost(PATIENCE).until(() -> System.nanoTime() - since > 0);
    assertThat(reader.holds("blue", 1)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
    assertThat(reader.clearedSinceTheJoin()).containsOnly("red STALENESS_BOUND");
    reader.reds().heal();
    reader.awaitState(State.COHERENT);
  }

  @Tag("G4")
  @Test
  void ownChannelThatDoesNotAnswer_agesNoCacheOfACacheChannel() {
    Node writer = node().join();
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "green");

    reader.channel.cutOff();

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("green STALENESS_BOUND"));
    assertThat(reader.holds("red", 2)).isTrue();
    writer.cache("red").evict(1);
    reader.awaitEvicted("red", 1);
    assertThat(reader.clearedSinceTheJoin()).containsOnly("green STALENESS_BOUND");
  }

  @Test
  void node_joinsWhenAllItsChannelsHaveAnswered() {
    Node reader = node();
    reader.failingChecks = Integer.MAX_VALUE;
    reader.node.start();
    await().atMost(PATIENCE).until(() -> reader.reds().checks() > 2);
    await().atMost(PATIENCE).until(() -> reader.channel.cacheChannel("blues").checks() > 2);
    assertThat(reader.node.status().state()).isEqualTo(State.JOINING);
    assertThat(reader.node.status().reason()).contains("Channel 'reds'");
    assertThat(reader.joined).hasValue(0);

    reader.reds().heal();

    reader.awaitState(State.COHERENT);
    assertThat(reader.joined).hasValue(1);
  }

  @Test
  void writesOfAStoppedNode_arePublishedOnTheirChannelsWhenItStartsAgain() {
    Node reader = node().join();
    Node writer = node().join();
    reader.fill("red", "blue", "green");
    writer.node.stop();
    writer.cache("red").evict(1);
    writer.cache("blue").evict(1);
    writer.cache("green").evict(1);

    writer.node.start();

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 1);
    await().atMost(PATIENCE).until(() -> writer.joined.get() == 2);
  }

  @Test
  void writesBeforeTheClose_arePublishedByIt() {
    Node reader = node().join();
    Node writer = node();
    reader.fill("red", "green");
    writer.cache("red").evict(1);
    writer.cache("green").evict(1);

    writer.close();

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("green", 1);
  }

  @Test
  void lastConfirmation_isThatOfTheLastChannel() {
    Node reader = node().join();
    reader.reds().cutOff();
    Instant cutOff = Instant.now();
    int checks = reader.channel.checks();

    await().atMost(PATIENCE).until(() -> reader.channel.checks() > checks + 5);

    assertThat(reader.node.status().lastConfirmed()).isBefore(cutOff.plus(INTERVAL));
  }

  @Test
  void channelWithoutTheCacheChannels_isRefusedAndClosed() {
    FaultyChannel opened = new FaultyChannel(hub.open("own", List.of("reds")));
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder().channel(() -> opened).cacheChannels(CHANNELS).build();

    assertThatIllegalStateException().isThrownBy(node::start).withMessageContaining("[blues]");

    assertThat(node.isRunning()).isFalse();
    assertThat(opened.name()).isEqualTo("own");
    node.close();
  }
}
