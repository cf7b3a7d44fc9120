package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.testing.PlainSubscriber;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/**
 * A node with hand-written code, which publishes {@code products:7} and listens to such messages,
 * beside nodes of the starter: with each client, and with the old channel as the channel of the
 * nodes or as a further one.
 */
@ParameterizedClass
@EnumSource
class SideBySideTest {

  /** The client, and the property of the new nodes that names the old channel. */
  enum Setup {
    LETTUCE_OLD_CHANNEL_BESIDE("lettuce", "invalidation.subscriptions"),
    JEDIS_OLD_CHANNEL_BESIDE("jedis", "invalidation.subscriptions"),
    LETTUCE_ON_THE_OLD_CHANNEL("lettuce", "invalidation.channel"),
    JEDIS_ON_THE_OLD_CHANNEL("jedis", "invalidation.channel");

    private final String client;

    private final String property;

    Setup(String client, String property) {
      this.client = client;
      this.property = property;
    }
  }

  private static final TestRedis REDIS = TestRedis.stopped();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String old = "cache:evict:" + UUID.randomUUID();

  private final Map<Long, String> database = new ConcurrentHashMap<>();

  private final ApplicationContextRunner node;

  SideBySideTest(Setup setup) {
    node =
        Applications.over(REDIS)
            .withPropertyValues(
                "spring.application.name=" + UUID.randomUUID(),
                "spring.data.redis.client-type=" + setup.client,
                setup.property + "=" + old,
                "invalidation.max-staleness=1h")
            .withBean(Database.class, () -> new Database(database))
            .withBean(OldChannel.class, () -> new OldChannel(old))
            .withUserConfiguration(NewNode.class);
  }

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @BeforeEach
  void fill() {
    database.putAll(Map.of(7L, "old", 8L, "old"));
  }

  @Test
  void writeOfTheOldNode_evictsOnTheNewNodes() {
    onOneOldAndTwoNewNodes(
        (before, after) -> {
          assertThat(after.first().name(7)).isEqualTo("old");
          assertThat(after.second().name(7)).isEqualTo("old");

          before.rename(7, "new");

          await().atMost(PATIENCE).until(() -> after.first().name(7).equals("new"));
          await().atMost(PATIENCE).until(() -> after.second().name(7).equals("new"));
        });
  }

  @Test
  void writeOfANewNode_evictsOnTheOldNodeAndTheOtherNewNode() {
    onOneOldAndTwoNewNodes(
        (before, after) -> {
          assertThat(before.name(7)).isEqualTo("old");
          assertThat(after.second().name(7)).isEqualTo("old");

          after.first().rename(7, "new");

          await().atMost(PATIENCE).until(() -> before.name(7).equals("new"));
          await().atMost(PATIENCE).until(() -> after.second().name(7).equals("new"));
        });
  }

  @Test
  void clearOfANewNode_clearsTheOldNode() {
    onOneOldAndTwoNewNodes(
        (before, after) -> {
          assertThat(before.name(7)).isEqualTo("old");
          assertThat(before.name(8)).isEqualTo("old");

          after.first().renameAll("new");

          await().atMost(PATIENCE).until(() -> before.name(7).equals("new"));
          await().atMost(PATIENCE).until(() -> before.name(8).equals("new"));
        });
  }

  @Test
  void transactionOfANewNode_isPublishedForTheOldNodeAfterItsCommit() {
    onOneOldAndTwoNewNodes(
        (before, after) -> {
          after
              .first()
              .renameInTransaction(
                  7,
                  "new",
                  () -> {
                    runAsync(() -> after.first().rename(8, "new"), THREAD_PER_TASK).join();
                    before.awaitMessage("products:8");
                    assertThat(before.messages()).doesNotContain("products:7");
                  });

          before.awaitMessage("products:7");
        });
  }

  @Test
  void eachWrite_isInTheOldFormOnce() {
    onOneOldAndTwoNewNodes(
        (before, after) -> {
          after.first().name(7);
          after.second().name(7);

          after.first().rename(7, "a");
          before.awaitMessage("products:7");
          after.second().rename(8, "b");
          before.awaitMessage("products:8");
          before.rename(9, "c");
          await().atMost(PATIENCE).until(() -> before.messages().contains("products:9"));
          after.first().rename(10, "d");
          after.second().rename(11, "e");
          before.awaitMessage("products:10");
          before.awaitMessage("products:11");

          assertThat(before.messages())
              .containsExactlyInAnyOrder(
                  "products:7", "products:8", "products:9", "products:10", "products:11");
        });
  }

  private record NewNodes(Products first, Products second) {}

  private void onOneOldAndTwoNewNodes(BiConsumer<OldNode, NewNodes> work) {
    try (OldNode before = new OldNode(old, database)) {
      node.run(
          first ->
              node.run(
                  second -> {
                    awaitJoined(first);
                    awaitJoined(second);
                    work.accept(
                        before,
                        new NewNodes(
                            first.getBean(Products.class), second.getBean(Products.class)));
                  }));
    }
  }

  private static void awaitJoined(ApplicationContext context) throws InterruptedException {
    assertThat(context.getBean(InvalidationNode.class).awaitJoined(PATIENCE)).isTrue();
  }

  /** A node as applications have it that publish and listen by hand. */
  private static final class OldNode implements AutoCloseable {

    private final String channel;

    private final Map<Long, String> database;

    private final Map<Long, String> cache = new ConcurrentHashMap<>();

    private final PlainSubscriber listener;

    OldNode(String channel, Map<Long, String> database) {
      this.channel = channel;
      this.database = database;
      this.listener = new PlainSubscriber(REDIS, channel, this::received);
    }

    private void received(String message) {
      if (message.equals("products:*")) {
        cache.clear();
      } else if (message.startsWith("products:")) {
        cache.remove(Long.valueOf(message.substring("products:".length())));
      }
    }

    String name(long id) {
      return cache.computeIfAbsent(id, database::get);
    }

    void rename(long id, String name) {
      database.put(id, name);
      cache.remove(id);
      REDIS.command("PUBLISH", channel, "products:" + id);
    }

    /** Returns the messages in the old form; others are of the nodes. */
    List<String> messages() {
      return listener.messages().stream().filter(each -> !each.startsWith("{")).toList();
    }

    void awaitMessage(String message) {
      listener.awaitMessage(message);
    }

    @Override
    public void close() {
      listener.close();
    }
  }

  record Database(Map<Long, String> rows) {}

  record OldChannel(String name) {}

  static class Products {

    private final Map<Long, String> database;

    private final CacheInvalidator invalidator;

    Products(Database database, CacheInvalidator invalidator) {
      this.database = database.rows();
      this.invalidator = invalidator;
    }

    @Cacheable(cacheNames = "products", key = "#id")
    public String name(long id) {
      return database.getOrDefault(id, "none");
    }

    @CacheEvict(cacheNames = "products", key = "#id")
    public void rename(long id, String name) {
      database.put(id, name);
    }

    @CacheEvict(cacheNames = "products", allEntries = true)
    public void renameAll(String name) {
      database.replaceAll((id, before) -> name);
    }

    @Transactional
    public void renameInTransaction(long id, String name, Runnable meanwhile) {
      database.put(id, name);
      invalidator.evict("products", id);
      meanwhile.run();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class NewNode {

    @Bean
    Products products(Database database, CacheInvalidator invalidator) {
      return new Products(database, invalidator);
    }

    @Bean
    ForeignMessageReader oldFormReader() {
      return payload -> {
        String[] parts = new String(payload, StandardCharsets.UTF_8).split(":", 2);
        if (parts.length < 2) {
          return null;
        }
        return List.of(
            parts[1].equals("*")
                ? new Invalidation.Whole<>(parts[0])
                : Invalidation.keys(parts[0], parts[1]));
      };
    }

    @Bean
    ForeignMessageWriter oldFormWriter(OldChannel old) {
      return stale ->
          stale instanceof Invalidation.Keys<Object> some
              ? some.keys().stream()
                  .map(key -> Message.of(old.name(), stale.cache() + ":" + key))
                  .toList()
              : List.of(Message.of(old.name(), stale.cache() + ":*"));
    }

    @Bean
    JdbcTransactionManager transactionManager() {
      return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:side-by-side"));
    }
  }
}
