package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Applications with nothing in common but a Redis, on a real one. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("G3")
class SeveralNodesTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  private static final int KEYS = 1000;

  private final String channel = "test:" + UUID.randomUUID();

  private final Map<Integer, String> database = new ConcurrentHashMap<>(Map.of(1, "old"));

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @Test
  void evictingMethodOnOneNode_reachesTheOther() {
    writeReachesTheOther(products -> products.changeAndEvict(1, "new"));
  }

  @Test
  void evictingMethodOfEverything_reachesTheOther() {
    writeReachesTheOther(products -> products.changeAndEvictAll(1, "new"));
  }

  @Test
  void puttingMethod_reachesTheOther() {
    writeReachesTheOther(products -> products.changeAndPut(1, "new"));
  }

  @Test
  void transactionalEvictingMethod_reachesTheOther() {
    writeReachesTheOther(products -> products.changeInTransaction(1, "new"));
  }

  @Test
  void invalidator_reachesTheOther() {
    onTwoNodes(
        List.of(),
        (a, b) -> {
          assertThat(products(b).plain(1)).isEqualTo("old");
          database.put(1, "new");
          a.getBean(CacheInvalidator.class).evictAll("products", List.of(1, 2));
          Awaitility.await().until(() -> products(b).plain(1).equals("new"));
        });
  }

  @Test
  void cacheWithAChannelOfItsOwn_isInvalidatedOverThatChannel(CapturedOutput output) {
    String own = channel + ":products";
    onTwoNodes(
        List.of("invalidation.caches.products.channel=" + own),
        (a, b) -> {
          assertThat(products(b).plain(1)).isEqualTo("old");
          products(a).changeAndEvict(1, "new");
          Awaitility.await().until(() -> products(b).plain(1).equals("new"));
          assertThat(REDIS.command("XLEN", "{" + own + "}:log")).isEqualTo("2");
          Awaitility.await().until(() -> logLength().equals("2")); // one key is named there too
          products(a).changeAndEvict(1, "newer");
          Awaitility.await().until(() -> products(b).plain(1).equals("newer"));
          assertThat(REDIS.command("XLEN", "{" + own + "}:log")).isEqualTo("3");
          assertThat(logLength()).isEqualTo("2");
          assertThat(output).contains("Caches with a channel of their own: {products=" + own + "}");
        });
  }

  @Test
  void transactionThatRollsBack_reachesNobody() {
    onTwoNodes(
        List.of(),
        (a, b) -> {
          products(b).plain(1);
          String before = tip();
          try {
            products(a).failInTransaction(1);
          } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("on purpose");
          }
          products(a).changeAndEvict(2, "fence");
          Awaitility.await().until(() -> !tip().equals(before));
          assertThat(log()).doesNotContain("[1]");
        });
  }

  @Tag("G2.24")
  @Test
  void transactionManagerOfTheApplication_isListenedTo() {
    Applications.local()
        .withUserConfiguration(Node.class)
        .withBean(Database.class, () -> new Database(database))
        .run(
            context ->
                assertThat(
                        context
                            .getBean(JdbcTransactionManager.class)
                            .getTransactionExecutionListeners())
                    .hasSize(1));
  }

  @Tag("G6.1")
  @ParameterizedTest
  @EnumSource(Reading.class)
  void twoNodesThatReadTheSameKeysInTurn_leaveTheTipAlone(Reading reading) {
    onTwoNodes(
        List.of(),
        (a, b) -> {
          String before = tip();
          for (int key = 0; key < KEYS; key++) {
            reading.read(products(a), key);
            reading.read(products(b), key);
            reading.read(products(a), key);
          }
          assertThat(tip()).isEqualTo(before);
          int loads = products(a).loads() + products(b).loads();
          assertThat(loads).as("loads of %d keys on two nodes", KEYS).isEqualTo(2 * KEYS);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"pubsub", "sharded-pubsub", "stream"})
  void furtherChannel_isHeardWithEachTransport(String transport) {
    String further = channel + ":further";
    onTwoNodes(
        List.of("invalidation.transport=" + transport, "invalidation.subscriptions=" + further),
        (a, b) -> {
          assertThat(products(b).plain(1)).isEqualTo("old");
          database.put(1, "new");
          Awaitility.await()
              .until(
                  () -> {
                    REDIS.command("PUBLISH", further, "{\"cache\":\"products\",\"key\":1}");
                    return products(b).plain(1).equals("new");
                  });
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void eitherClient_carriesInvalidations(String client) {
    onTwoNodes(
        List.of("spring.data.redis.client-type=" + client),
        (a, b) -> {
          assertThat(products(b).plain(1)).isEqualTo("old");
          products(a).changeAndEvict(1, "new");
          Awaitility.await().until(() -> products(b).plain(1).equals("new"));
        });
  }

  @Tag("G8.1")
  @Test
  void redisThatIsDownAtTheStart_isJoinedWhenItComes(CapturedOutput output) {
    try (TestRedis late = TestRedis.stopped()) {
      node(late)
          .withPropertyValues("invalidation.node-name=patient")
          .run(
              context -> {
                SharedProducts products = products(context);
                products.changeAndEvict(1, "new");
                assertThat(products.plain(1)).isEqualTo("new");
                Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> output.toString().contains("Not connected to the channel yet"));
                late.start();
                awaitJoined(context);
                Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> output.toString().contains("Connected to the channel after"));
                assertThat(output.toString()).containsOnlyOnce("Not connected to the channel yet");
                assertThat(late.clientsNamed("invalidation:patient")).isNotEmpty();
              });
      late.awaitNoClientNamed("invalidation:patient");
    }
  }

  private void writeReachesTheOther(Consumer<SharedProducts> write) {
    onTwoNodes(
        List.of(),
        (a, b) -> {
          assertThat(products(a).plain(1)).isEqualTo("old");
          assertThat(products(b).plain(1)).isEqualTo("old");
          write.accept(products(a));
          assertThat(products(a).plain(1)).isEqualTo("new");
          Awaitility.await().until(() -> products(b).plain(1).equals("new"));
        });
  }

  private void onTwoNodes(
      List<String> settings, BiConsumer<ApplicationContext, ApplicationContext> work) {
    ApplicationContextRunner node = node(REDIS).withPropertyValues(settings.toArray(String[]::new));
    node.run(
        a ->
            node.run(
                b -> {
                  awaitJoined(a);
                  awaitJoined(b);
                  work.accept(a, b);
                }));
  }

  ApplicationContextRunner node(TestRedis redis) {
    return Applications.over(redis)
        .withPropertyValues("invalidation.channel=" + channel)
        .withBean(Database.class, () -> new Database(database))
        .withBean(Joining.class, Joining::new)
        .withUserConfiguration(Node.class);
  }

  private static void awaitJoined(ApplicationContext context) {
    Joining joining = context.getBean(Joining.class);
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> joining.joined);
  }

  private static SharedProducts products(ApplicationContext context) {
    return context.getBean(SharedProducts.class);
  }

  private String tip() {
    return String.valueOf(
        REDIS.command("XREVRANGE", "{" + channel + "}:log", "+", "-", "COUNT", "1"));
  }

  private String logLength() {
    return String.valueOf(REDIS.command("XLEN", "{" + channel + "}:log"));
  }

  private String log() {
    return String.valueOf(REDIS.command("XRANGE", "{" + channel + "}:log", "-", "+"));
  }

  /** The ways in which a method can give its result. */
  enum Reading {
    PLAIN {
      @Override
      void read(SharedProducts products, int key) {
        products.plain(key);
      }
    },
    SYNC {
      @Override
      void read(SharedProducts products, int key) {
        products.sync(key);
      }
    },
    FUTURE {
      @Override
      void read(SharedProducts products, int key) {
        products.future(key).join();
      }
    },
    MONO {
      @Override
      void read(SharedProducts products, int key) {
        products.mono(key).block();
      }
    };

    abstract void read(SharedProducts products, int key);
  }

  /** The resources that all nodes share beside Redis. */
  record Database(Map<Integer, String> rows) {}

  static final class Joining implements InvalidationObserver {

    private volatile boolean joined;

    @Override
    public void joined() {
      joined = true;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement
  static class Node {

    @Bean
    SharedProducts products(Database database) {
      return new SharedProducts(database);
    }

    @Bean
    DataSource dataSource() {
      return new DriverManagerDataSource("jdbc:h2:mem:several-nodes");
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }
}
