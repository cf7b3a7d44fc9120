package io.github.cacheinvalidation.internal.node;

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
import org.springframework.cache.Cache;

/** Nodes whose caches "red" and "blue" have the channels "reds" and "blues", on one hub. */
abstract class CacheChannelsFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Duration INTERVAL = Duration.ofMillis(50);

  static final Duration SHORT = Duration.ofSeconds(2);

  static final Duration HOUR = Duration.ofHours(1);

  static final Map<String, String> CHANNELS = Map.of("red", "reds", "blue", "blues");

  final LocalHub hub = new LocalHub();

  final List<Node> nodes = new ArrayList<>();

  /** A node, its channel, and what its observer was told. */
  final class Node implements InvalidationObserver, AutoCloseable {

    final List<String> applied = new CopyOnWriteArrayList<>();

    final List<String> cleared = new CopyOnWriteArrayList<>();

    final AtomicInteger joined = new AtomicInteger();

    final DefaultInvalidationNode node;

    FaultyChannel channel = new FaultyChannel(hub.open("unused"));

    /** The failing checks of the channel "reds" at the next start. */
    int failingChecks;

    Node(Map<String, String> channels, Duration staleness) {
      node =
          DefaultInvalidationNode.builder()
              .channel(() -> opened(new TreeSet<>(channels.values())))
              .cacheChannels(channels)
              .caches(cache -> CacheSettings.ofSpec("", staleness, false))
              .receiver(new ReceiverSettings(INTERVAL, SHORT, Duration.ofMillis(500), 1 << 20))
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

  Node node() {
    return new Node(CHANNELS, HOUR);
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  void publish(String channel, String caches) {
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

  long entries(String channel) {
    try (Channel opened = hub.open(channel)) {
      String id = opened.log().tip().position().entryId();
      return Long.parseLong(id.substring(0, id.indexOf('-')));
    }
  }
}
