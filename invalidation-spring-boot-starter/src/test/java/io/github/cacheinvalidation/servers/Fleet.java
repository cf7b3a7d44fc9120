package io.github.cacheinvalidation.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.testing.CountingObserver;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** Two nodes over one database. */
final class Fleet {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int KEYS = 5;

  final ApplicationContext first;

  final ApplicationContext second;

  private final Map<Integer, Integer> database = new ConcurrentHashMap<>();

  Fleet(ApplicationContext first, ApplicationContext second) {
    this.first = first;
    this.second = second;
    for (int key = 0; key < KEYS; key++) {
      database.put(key, 0);
    }
  }

  void awaitJoined() throws InterruptedException {
    for (ApplicationContext node : List.of(first, second)) {
      assertThat(node.getBean(InvalidationNode.class).awaitJoined(PATIENCE)).isTrue();
    }
  }

  /** Both nodes read, each writes in turn, and the other one reads the new values. */
  void assertCoherent() {
    write(first);
    awaitCoherent(second);
    write(second);
    awaitCoherent(first);
  }

  void write(ApplicationContext writer) {
    for (int key = 0; key < KEYS; key++) {
      read(first, key);
      read(second, key);
      database.merge(key, 1, Integer::sum);
      writer.getBean(CacheInvalidator.class).evict("products", key);
    }
  }

  void awaitCoherent(ApplicationContext reader) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                database.entrySet().stream()
                    .allMatch(each -> each.getValue().equals(read(reader, each.getKey()))));
  }

  private @Nullable Integer read(ApplicationContext node, int key) {
    Cache cache =
        Objects.requireNonNull(node.getBean(CacheManager.class).getCache("products"), "products");
    return cache.get(key, () -> database.get(key));
  }

  /** Kills the connections by which nodes receive, until a message was missed and read again. */
  void assertMissedMessagesAreReplayed(List<TestRedis> servers) {
    int before = observer(second).replayed.get();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              int killed = servers.stream().mapToInt(TestRedis::killFeeds).sum();
              write(first);
              awaitCoherent(second);
              return killed > 0 && observer(second).replayed.get() > before;
            });
    assertThat(observer(second).replayed.get()).isGreaterThan(before);
  }

  void assertNothingCleared() {
    for (ApplicationContext node : List.of(first, second)) {
      assertThat(observer(node).clears()).isSubsetOf(ClearReason.JOINED);
    }
  }

  static CountingObserver observer(ApplicationContext node) {
    return node.getBean(CountingObserver.class);
  }
}
