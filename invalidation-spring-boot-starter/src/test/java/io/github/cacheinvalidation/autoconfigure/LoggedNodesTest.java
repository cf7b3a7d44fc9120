package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.cache.annotation.CacheRemove;
import javax.cache.annotation.CacheResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What two nodes on a real Redis log for an operator. */
@Tag("G5")
class LoggedNodesTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  private final String channel = "logged:" + UUID.randomUUID();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  private ApplicationContextRunner node(String name) {
    return Shop.in(Applications.over(REDIS), Shop.database())
        .withPropertyValues("invalidation.channel=" + channel, "invalidation.node-name=" + name);
  }

  @Test
  void aNodeThatJoins_saysWhereItIsAndWhoListens() {
    node("first")
        .run(
            first -> {
              Watch.awaitJoined(first);
              try (Logged logged = new Logged()) {
                node("second")
                    .withPropertyValues("spring.cache.cache-names=products,orders")
                    .run(Watch::awaitJoined);

                assertThat(logged.ours())
                    .anySatisfy(
                        line ->
                            assertThat(line)
                                .startsWith("INFO Joined the channel")
                                .contains(
                                    "Transport pubsub, Redis at 127.0.0.1:" + REDIS.port(),
                                    "2 connections listen there",
                                    "staleness bound 3s",
                                    "caches [orders, products]",
                                    "[node second, channel " + channel + "]"));
              }
            });
  }

  @Test
  void keysThatNoOtherNodeUses_areToldThere_andEachMessageIsForDevelopers() {
    Logger messages =
        (Logger) LoggerFactory.getLogger(InvalidationNode.class.getName() + ".messages");
    ListAppender<ILoggingEvent> developers = new ListAppender<>();
    developers.start();
    messages.addAppender(developers);
    messages.setLevel(Level.DEBUG);
    try (Logged logged = new Logged()) {
      node("numbers")
          .run(
              numbers ->
                  node("texts")
                      .run(
                          texts -> {
                            Watch.awaitJoined(numbers);
                            Watch.awaitJoined(texts);
                            Shop.of(numbers).read(1);
                            CacheInvalidator invalidator = texts.getBean(CacheInvalidator.class);
                            for (int i = 0; i < 10; i++) {
                              invalidator.evict("products", "sku-" + i);
                              int sent = i + 1;
                              Watch.patiently()
                                  .until(() -> Watch.of(numbers).applied.get() == sent);
                            }
                            Watch.patiently().until(() -> logged.says("10 messages in a row"));
                          }));
      assertThat(developers.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .anyMatch(
              line -> line.startsWith("Published: keys of cache 'products': [sku-0] [node texts"))
          .anyMatch(
              line -> line.startsWith("Applied: keys of cache 'products': [sku-0]; 0 entries"));
      assertThat(logged.warnings()).hasSize(1);
    } finally {
      messages.setLevel(null);
      messages.detachAppender(developers);
    }
  }

  @Test
  void aNodeWithOtherSettingsOfACache_isToldOnTheOtherNodeOnce() {
    try (Logged logged = new Logged()) {
      writeTwice(
          node("ours"),
          node("theirs").withPropertyValues("spring.cache.caffeine.spec=maximumSize=7"));

      assertThat(logged.warnings())
          .singleElement(STRING)
          .contains("Node theirs/", "other settings of cache 'products'", "[node ours, channel")
          .contains("'spec=maximumSize=7; max-staleness=3s; channel=" + channel + "' there")
          .contains("'spec=maximumSize=1000; max-staleness=3s; channel=" + channel + "' here")
          .contains("spring.cache.caffeine.spec", "invalidation.caches.products.*", "deployment");
    }
  }

  /** Each node hears the other one on the channel of both, and applies what it hears there. */
  @Test
  void aNodeWithAnotherChannelOfACache_isToldOnBothNodes_andItsMessagesAreApplied() {
    String products = channel + ":products";
    try (Logged logged = new Logged()) {
      node("plain")
          .run(
              plain ->
                  node("apart")
                      .withPropertyValues("invalidation.caches.products.channel=" + products)
                      .run(
                          apart -> {
                            awaitCoherent(plain);
                            awaitCoherent(apart);
                            Shop.of(plain).read(1);
                            Shop.of(apart).read(1);

                            Shop.of(apart).write(1, "new");
                            Watch.patiently().until(() -> logged.warnings().size() == 1);
                            assertThat(Watch.of(plain).applied).hasValue(1);
                            Shop.of(plain).write(1, "newer");
                            Watch.patiently().until(() -> logged.warnings().size() == 2);
                            assertThat(Watch.of(apart).applied).hasValue(1);
                          }));

      assertThat(logged.warnings().get(0))
          .contains("Node apart/", "[node plain, channel")
          .contains("cache 'products' on channel '" + products + "'")
          .contains("this node on '" + channel + "'", "invalidation.caches.products.channel");
      assertThat(logged.warnings().get(1))
          .contains("Node plain/", "[node apart, channel")
          .contains("cache 'products' on channel '" + channel + "'")
          .contains("this node on '" + products + "'", "invalidation.caches.products.channel");
    }
  }

  /** The reader hears of the cache because each node does. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCacheWithAnotherChannel_isNotUnknownToANodeWithoutIt(boolean ofAnotherApplication) {
    ApplicationContextRunner reader =
        node("reader").withPropertyValues("spring.cache.cache-names=orders");
    String ofReader = ofAnotherApplication ? channel + ":reader" : channel;
    try (Logged logged = new Logged()) {
      reader
          .withPropertyValues("invalidation.channel=" + ofReader)
          .withPropertyValues(
              ofAnotherApplication
                  ? new String[] {"invalidation.subscriptions=" + channel}
                  : new String[0])
          .run(
              orders ->
                  node("writer")
                      .withPropertyValues(
                          "invalidation.caches.products.channel=" + channel + ":products")
                      .run(
                          writer -> {
                            awaitCoherent(orders);
                            awaitCoherent(writer);
                            writer.getBean(CacheInvalidator.class).evict("products", 1);
                            writer.getBean(CacheInvalidator.class).evict("orders", 1);
                            Watch.patiently().until(() -> Watch.of(orders).applied.get() > 0);
                          }));

      assertThat(logged.says("named cache")).isFalse();
    }
  }

  static Stream<Arguments> settingsThatAreNoWarning() {
    return Stream.of(
        theirs("the same", node -> node),
        theirs(
            "the same for one cache",
            node ->
                node.withPropertyValues(
                    "spring.cache.caffeine.spec=maximumSize=7",
                    "invalidation.caches.products.spec=maximumSize=1000")),
        theirs(
            "a Caffeine bean for all caches",
            node ->
                node.withPropertyValues("spring.cache.caffeine.spec=")
                    .withUserConfiguration(Small.class)),
        theirs(
            "a Caffeine bean for one cache",
            node ->
                node.withPropertyValues(
                        "spring.cache.caffeine.spec=maximumSize=7",
                        "invalidation.caches.products.caffeine=small")
                    .withUserConfiguration(Small.class)),
        theirs(
            "a customizer",
            node ->
                node.withPropertyValues("invalidation.caches.products.spec=maximumSize=7")
                    .withBean(
                        CaffeineBuilderCustomizer.class,
                        () -> (cache, builder) -> builder.initialCapacity(5))));
  }

  private static Arguments theirs(String name, UnaryOperator<ApplicationContextRunner> change) {
    return arguments(named(name, change));
  }

  @ParameterizedTest
  @MethodSource("settingsThatAreNoWarning")
  void aNodeWithTheSameSettings_orWithSettingsByCode_isNotTold(
      UnaryOperator<ApplicationContextRunner> theirs) {
    try (Logged logged = new Logged()) {
      writeTwice(node("ours"), theirs.apply(node("theirs")));

      assertThat(logged.says("other settings")).isFalse();
    }
  }

  @Test
  void aNodeOfAnotherApplication_mayHaveOtherSettings() {
    try (Logged logged = new Logged()) {
      writeTwice(
          node("ours").withPropertyValues("invalidation.subscriptions=" + channel + ":theirs"),
          node("theirs")
              .withPropertyValues(
                  "invalidation.channel=" + channel + ":theirs",
                  "spring.cache.caffeine.spec=maximumSize=7"));

      assertThat(logged.says("other settings")).isFalse();
    }
  }

  /** The second write is applied after the settings in the message of the first were compared. */
  private static void writeTwice(ApplicationContextRunner ours, ApplicationContextRunner theirs) {
    ours.run(
        reader ->
            theirs.run(
                writer -> {
                  awaitCoherent(reader);
                  awaitCoherent(writer);
                  Shop.of(reader).read(1);
                  for (int sent = 1; sent <= 2; sent++) {
                    int expected = sent;
                    Shop.of(writer).write(1, "new");
                    Watch.patiently().until(() -> Watch.of(reader).applied.get() >= expected);
                  }
                }));
  }

  /** A node is coherent only if it follows its further channels too. */
  private static void awaitCoherent(ApplicationContext context) {
    InvalidationNode node = context.getBean(InvalidationNode.class);
    Watch.patiently().until(() -> node.status().state() == NodeStatus.State.COHERENT);
  }

  @Test
  void annotationsOfJsr107ThatStore_areToldAtTheStart() {
    try (Logged logged = new Logged()) {
      Applications.local()
          .withBean("storing", Storing.class)
          .withBean("removing", Removing.class)
          .run(
              context ->
                  assertThat(logged.ours())
                      .filteredOn(line -> line.startsWith("WARN The beans [storing] use"))
                      .hasSize(1));
    }
  }

  @Test
  void annotationsOfJsr107ThatRemove_areNotTold() {
    try (Logged logged = new Logged()) {
      Applications.local()
          .withBean("removing", Removing.class)
          .run(context -> assertThat(logged.says("JSR-107")).isFalse());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Small {

    @Bean
    Caffeine<Object, Object> small() {
      return Caffeine.newBuilder().maximumSize(7);
    }
  }

  static class Storing {

    @CacheResult(cacheName = "products")
    public String read(long id) {
      return "value of " + id;
    }
  }

  static class Removing {

    @CacheRemove(cacheName = "products")
    public void remove(long id) {}
  }
}
