package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.awaitJoined;
import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Applications that stop and start again without being closed, as DevTools, paused test contexts
 * and restored images do.
 */
@Tag("G9")
class RestartTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  private static final Pattern ORIGIN = Pattern.compile("\"from\":\"[^\"/]*/([^\"]+)\"");

  private final String channel = "restart:" + UUID.randomUUID();

  private final Map<Integer, String> database = Shop.database();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  private static Stream<Arguments> waysAndClients() {
    return Stream.of(Way.values())
        .flatMap(way -> Stream.of("lettuce", "jedis").map(client -> Arguments.of(way, client)));
  }

  @Tag("G9.8")
  @ParameterizedTest
  @MethodSource("waysAndClients")
  void stopAndStart_joinsAnewUnderANewIdentity(Way way, String client) {
    onTwoNodes(
        client,
        (a, b) -> {
          Shop.of(a).write(2, "first");
          patiently().until(() -> origins().size() == 1);
          assertThat(Shop.of(a).read(1)).isEqualTo("old");

          way.stop(a);
          REDIS.awaitNoClientNamed("invalidation:a");
          way.start(a);
          awaitJoined(a, 2);

          assertThat(Watch.of(a).clears).filteredOn("products JOINED"::equals).isNotEmpty();
          int loads = Shop.of(a).loads();
          assertThat(Shop.of(a).read(1)).isEqualTo("old");
          assertThat(Shop.of(a).loads()).as("loads after joining anew").isEqualTo(loads + 1);
          Shop.of(a).write(2, "second");
          patiently().until(() -> origins().stream().distinct().count() == 2);
          assertCoherent(a, b);
        });
  }

  @Tag("G5.22")
  @ParameterizedTest
  @EnumSource
  void writeWhileStopped_isPublishedAtTheNextStart(Way way) {
    onTwoNodes(
        "lettuce",
        (a, b) -> {
          assertThat(Shop.of(b).read(1)).isEqualTo("old");
          way.stop(a);

          Shop.of(a).write(1, "new");
          assertThat(Shop.of(a).read(1)).isEqualTo("new");
          assertThat(a.getBean(DefaultInvalidationNode.class).pendingKeys()).isEqualTo(1);

          way.start(a);
          patiently().until(() -> Shop.of(b).read(1).equals("new"));
        });
  }

  @Tag("G4.15")
  @Test
  @Tag("G4")
  void readWhileStopped_isBounded() {
    onTwoNodes(
        "lettuce",
        (a, b) -> {
          assertThat(Shop.of(a).read(1)).isEqualTo("old");
          a.stop();

          Shop.of(b).write(1, "new");

          patiently().until(() -> Shop.of(a).read(1).equals("new"));
          assertThat(Watch.of(a).joined).hasValue(1);
          assertThat(Watch.of(a).clears).contains("products STALENESS_BOUND");
        });
  }

  @Tag("G9.7")
  @Test
  @Tag("G5")
  void writeWhileBeansAreDestroyed_isPublished() {
    node("b", "lettuce")
        .run(
            b -> {
              awaitJoined(b);
              assertThat(Shop.of(b).read(1)).isEqualTo("old");
              node("a", "lettuce").withUserConfiguration(LateWriter.class).run(a -> {});
              patiently().until(() -> Shop.of(b).read(1).equals("late"));
            });
  }

  @Test
  @Tag("G5")
  void writeWhileBeansAreDestroyedWithoutRedis_isCountedAndSaid() {
    try (TestRedis down = TestRedis.stopped();
        Logged logged = new Logged()) {
      List<Watch> watches = new ArrayList<>();
      Shop.in(Applications.over(down), database)
          .withPropertyValues("invalidation.publish.timeout=100ms")
          .withUserConfiguration(LateWriter.class)
          .run(a -> watches.add(Watch.of(a)));
      assertThat(watches.get(0).lostAtStop).containsExactly("1+0");
      assertThat(logged.warnings())
          .filteredOn(line -> line.contains("1 keys and 0 whole caches not published"))
          .hasSize(1);
    }
  }

  @Test
  @Tag("G5")
  void writeAfterTheNodeWasDestroyed_isSaidOnce() {
    try (Logged logged = new Logged()) {
      List<Shop> shops = new ArrayList<>();
      node("a", "lettuce")
          .run(
              a -> {
                shops.add(Shop.of(a));
                shops.get(0).read(1);
              });
      shops.get(0).write(1, "too late");
      shops.get(0).write(2, "too late");
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains("Cache 'products' was written after the node had closed");
    }
  }

  private static void assertCoherent(
      ConfigurableApplicationContext a, ConfigurableApplicationContext b) {
    for (List<ConfigurableApplicationContext> pair : List.of(List.of(a, b), List.of(b, a))) {
      String value = "by " + pair.get(0).getId() + UUID.randomUUID();
      Shop.of(pair.get(1)).read(1);
      Shop.of(pair.get(0)).write(1, value);
      patiently().until(() -> Shop.of(pair.get(1)).read(1).equals(value));
    }
  }

  private void onTwoNodes(
      String client,
      BiConsumer<ConfigurableApplicationContext, ConfigurableApplicationContext> work) {
    node("a", client)
        .run(
            a ->
                node("b", client)
                    .run(
                        b -> {
                          awaitJoined(a);
                          awaitJoined(b);
                          work.accept(source(a), source(b));
                        }));
  }

  private static ConfigurableApplicationContext source(AssertableApplicationContext context) {
    return context.getSourceApplicationContext();
  }

  private ApplicationContextRunner node(String name, String client) {
    return Shop.in(Applications.over(REDIS), database)
        .withPropertyValues(
            "spring.data.redis.client-type=" + client,
            "invalidation.channel=" + channel,
            "invalidation.node-name=" + name,
            "invalidation.max-staleness=1s");
  }

  /** Returns the identities of the senders of the messages in the log. */
  private List<String> origins() {
    String log = String.valueOf(REDIS.command("XRANGE", "{" + channel + "}:log", "-", "+"));
    return ORIGIN.matcher(log).results().map(each -> each.group(1)).toList();
  }

  /** How an application is stopped and started without being closed. */
  enum Way {
    STOP_AND_START {
      @Override
      void stop(ConfigurableApplicationContext context) {
        context.stop();
      }

      @Override
      void start(ConfigurableApplicationContext context) {
        context.start();
      }
    },
    PAUSE_AND_RESTART {
      @Override
      void stop(ConfigurableApplicationContext context) {
        context.pause();
      }

      @Override
      void start(ConfigurableApplicationContext context) {
        context.restart();
      }
    };

    abstract void stop(ConfigurableApplicationContext context);

    abstract void start(ConfigurableApplicationContext context);
  }

  /** Writes while beans are destroyed, which is after the node has stopped. */
  static final class LateWriter implements DisposableBean {

    private final Shop shop;

    LateWriter(Shop shop, CacheManager used) {
      assertThat(used.getCacheNames()).isEmpty();
      this.shop = shop;
    }

    @Override
    public void destroy() {
      shop.write(1, "late");
    }
  }
}
