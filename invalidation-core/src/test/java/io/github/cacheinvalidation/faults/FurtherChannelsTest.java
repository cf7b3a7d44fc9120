package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that listens to channels of other applications, to channels without a log, to patterns.
 */
class FurtherChannelsTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private static TestRedis redis;

  private final String id = UUID.randomUUID().toString();

  private final String own = "shop-" + id;

  /** The channel of another application. */
  private final String orders = "orders-" + id;

  private final String user = "user-" + id;

  private final Map<Long, Integer> database = new ConcurrentHashMap<>();

  private final List<ShopNode> nodes = new ArrayList<>();

  private final LogLines logged = LogLines.ofNodes();

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void prepare() {
    allow("~*", "&*", "+@all");
    for (long key = 0; key < 10; key++) {
      database.put(key, 0);
    }
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(ShopNode::close);
    logged.close();
  }

  private void allow(String... rules) {
    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user, "on", ">secret"));
    command.addAll(List.of(rules));
    redis.command(command.toArray(String[]::new));
  }

  private ShopNode node(
      Client client, String channel, List<String> further, Consumer<NodeBuilder> customizer) {
    return node(client, channel, further, FeedKind.PUBSUB, customizer);
  }

  private ShopNode node(
      Client client,
      String channel,
      List<String> further,
      FeedKind feed,
      Consumer<NodeBuilder> customizer) {
    ShopNode node =
        new ShopNode(
            client.of(redis, user),
            channel,
            further,
            "node-" + UUID.randomUUID(),
            database,
            feed,
            customizer);
    nodes.add(node);
    return node;
  }

  /** A node that never clears because of its staleness bound. */
  private ShopNode reader(Client client, String... further) {
    ShopNode reader = node(client, own, List.of(further), ShopNode.bounds(ShopNode.BOUND, HOUR));
    reader.join();
    awaitState(reader, State.COHERENT);
    await().atMost(PATIENCE).until(() -> subscriptions(reader) == 1 + further.length);
    database.keySet().forEach(reader::read);
    return reader;
  }

  @Tag("G3.29")
  @ParameterizedTest
  @EnumSource
  void furtherTopics_areHeardWithEachTransport(FeedKind feed) {
    ShopNode other = otherApplication(Client.LETTUCE);
    ShopNode reader =
        node(
            Client.LETTUCE,
            own,
            List.of(orders, "prices:*"),
            feed,
            ShopNode.bounds(ShopNode.BOUND, HOUR));
    reader.join();
    awaitState(reader, State.COHERENT);
    int topics = feed == FeedKind.STREAM ? 2 : 3;
    await().atMost(PATIENCE).until(() -> subscriptions(reader) >= topics);
    database.keySet().forEach(reader::read);

    other.write(1, 7);
    publish("prices:today", 2);
    awaitEvicted(reader, 1);
    awaitEvicted(reader, 2);
    addUndelivered(log(orders), 3);

    awaitEvicted(reader, 3);
    assertThat(reader.holds(4L)).isTrue();
    assertNothingCleared(reader);
  }

  /** Returns how many channels and patterns the server knows the node to be subscribed to. */
  private static long subscriptions(ShopNode node) {
    return redis.clientsNamed(node.clientName).stream()
        .flatMap(line -> Stream.of(line.split(" ")))
        .filter(field -> field.startsWith("sub=") || field.startsWith("psub="))
        .mapToLong(field -> Long.parseLong(field.substring(field.indexOf('=') + 1)))
        .sum();
  }

  private ShopNode otherApplication(Client client) {
    return node(client, orders, List.of(), builder -> {}).join();
  }

  /** Another test class of this JVM may log at the same time. */
  private List<String> lines(Level level) {
    return logged.containing(id).stream().filter(line -> line.startsWith(level + " ")).toList();
  }

  private long healed() {
    return lines(Level.INFO).stream().filter(line -> line.contains("is accepted now")).count();
  }

  private static String log(String channel) {
    return "{" + channel + "}:log";
  }

  private static void publish(String channel, long key) {
    redis.command("PUBLISH", channel, "{\"cache\":\"products\",\"key\":" + key + "}");
  }

  /** Adds a message to a log that no subscriber gets. */
  private static void addUndelivered(String log, long key) {
    String body =
        "{\"v\":1,\"from\":\"other/1\",\"body\":1,\"caches\":{\"products\":[" + key + "]}}";
    redis.command("XADD", log, "*", "n", UUID.randomUUID().toString(), "s", "0", "m", body);
  }

  private static void awaitEvicted(ShopNode node, long key) {
    await("key " + key).atMost(PATIENCE).until(() -> !node.holds(key));
  }

  private static void awaitState(ShopNode node, State state) {
    await().atMost(PATIENCE).until(() -> node.node().status().state() == state);
  }

  private static void assertNothingCleared(ShopNode node) {
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfOtherPrograms_areHeardThroughAPattern(Client client) {
    ShopNode reader = reader(client, "products:" + id + ":*", "plain-" + id);

    publish("products:" + id + ":eu", 1);
    publish("plain-" + id, 2);
    publish("products:" + id, 3);
    publish(own, 4);

    awaitEvicted(reader, 1);
    awaitEvicted(reader, 2);
    awaitEvicted(reader, 4);
    assertThat(reader.holds(3L)).as("the pattern does not include this channel").isTrue();
    assertNothingCleared(reader);
    assertThat(redis.command("EXISTS", log("plain-" + id))).as("a log is not made").isEqualTo("0");
  }

  @ParameterizedTest
  @EnumSource
  void furtherTopics_shareTheConnectionWithLettuce_alsoAfterItWasLost(Client client) {
    String[] further = {"products:" + id + ":*", "plain-" + id};
    ShopNode reader = reader(client, further);
    int connections = client == Client.LETTUCE ? 1 : 1 + further.length;

    assertThat(redis.killClients(reader.clientName, "P")).isEqualTo(connections);

    await()
        .atMost(PATIENCE)
        .until(() -> reader.observer.subscribed.get() == 2 && subscriptions(reader) == 3);
    publish("products:" + id + ":eu", 1);
    publish("plain-" + id, 2);
    publish(own, 3);
    awaitEvicted(reader, 1);
    awaitEvicted(reader, 2);
    awaitEvicted(reader, 3);
    assertThat(redis.killClients(reader.clientName, "P")).isEqualTo(connections);
    assertNothingCleared(reader);
  }

  @Tag("G3.29")
  @ParameterizedTest
  @EnumSource
  void aLostMessageOfAnotherApplication_isFoundAndReplayed(Client client) {
    ShopNode other = otherApplication(client);
    ShopNode reader = reader(client, orders);
    other.write(1, 7);
    awaitEvicted(reader, 1);

    addUndelivered(log(orders), 2);

    awaitEvicted(reader, 2);
    assertThat(reader.observer.replayed.get()).isPositive();
    assertThat(reader.holds(3L)).isTrue();
    awaitState(reader, State.COHERENT);
    other.write(4, 7);
    awaitEvicted(reader, 4);
    assertNothingCleared(reader);
  }

  @Tag("G3.31")
  @ParameterizedTest
  @EnumSource
  void aLogThatAppearsLater_isFollowedFromThenOn(Client client) {
    ShopNode reader = reader(client, orders);
    assertThat(lines(Level.INFO)).anyMatch(line -> line.contains(orders + "' has no log"));

    ShopNode other = otherApplication(client);
    await()
        .atMost(PATIENCE)
        .until(() -> lines(Level.INFO).stream().anyMatch(x -> x.contains(orders + "' has a log")));
    addUndelivered(log(orders), 2);

    awaitEvicted(reader, 2);
    other.write(3, 7);
    awaitEvicted(reader, 3);
    assertThat(reader.observer.clearsForLoss()).as("only suspect, the bound is long").isEmpty();
  }

  @Tag("G3.30")
  @ParameterizedTest
  @EnumSource
  void aDeletedLogOfAnotherApplication_clearsWithinTheBound(Client client) {
    ShopNode other = otherApplication(client);
    ShopNode reader = node(client, own, List.of(orders), builder -> {}).join();
    awaitState(reader, State.COHERENT);
    database.keySet().forEach(reader::read);

    redis.command("DEL", log(orders));

    await()
        .atMost(PATIENCE)
        .until(() -> reader.observer.clearsForLoss().contains(ClearReason.SUSPECTED_LOSS));
    awaitState(reader, State.COHERENT);
    database.keySet().forEach(reader::read);
    other.write(1, 7);
    awaitEvicted(reader, 1);
    assertThat(reader.observer.lost).hasValue(0);
  }

  /** The node's own channel works all the time. */
  @Tag("G4.16")
  @ParameterizedTest
  @EnumSource
  void anotherApplicationWhoseLogMayNotBeRead_boundsTheCachesUntilItMay(Client client) {
    otherApplication(client);
    ShopNode reader = node(client, own, List.of(orders), builder -> {}).join();
    awaitState(reader, State.COHERENT);
    reader.read(1);

    allow("resetkeys", "~" + log(own));

    awaitState(reader, State.CUT_OFF);
    assertThat(reader.node().status().impairments()).containsExactly(Impairment.CHECKS);
    assertThat(reader.node().status().reason())
        .contains("on the further channel '" + orders + "' was refused by Redis: NOPERM")
        .contains("ACL SETUSER <user> ~" + log(orders) + " &" + orders);
    await()
        .atMost(PATIENCE)
        .until(() -> reader.observer.clears().contains(ClearReason.STALENESS_BOUND));
    reader.read(2);
    publish(own, 2);
    awaitEvicted(reader, 2);
    reader.read(3);
    addUndelivered(log(orders), 3);

    allow("~*");

    awaitEvicted(reader, 3);
    awaitState(reader, State.COHERENT);
  }

  @Tag("G3.32")
  @ParameterizedTest
  @EnumSource
  void refusedTopics_neverLoseTheOwnChannel_andAreHealed(Client client) {
    otherApplication(client);
    String pattern = "products:" + id + ":*";
    allow("resetchannels", "&" + own);
    ShopNode reader = node(client, own, List.of(orders, pattern), builder -> {}).join();
    await().atMost(PATIENCE).until(() -> lines(Level.WARN).size() == 2);
    assertThat(lines(Level.WARN))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("channel '" + orders + "' was refused by Redis: NOPERM")
                    .contains("ACL SETUSER <user> ~" + log(orders) + " &" + orders))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("pattern '" + pattern + "' was refused by Redis: NOPERM")
                    .contains("ACL SETUSER <user> &" + pattern + " +psubscribe"));
    assertThat(reader.node().status().state()).isEqualTo(State.CATCHING_UP);
    database.keySet().forEach(reader::read);
    publish(own, 1);
    awaitEvicted(reader, 1);
    addUndelivered(log(orders), 2);
    awaitEvicted(reader, 2);
    assertThat(reader.observer.subscribed).hasValue(1);

    allow("&*");

    awaitState(reader, State.COHERENT);
    await().atMost(PATIENCE).until(() -> healed() == 2);
    reader.read(3);
    publish("products:" + id + ":eu", 3);
    awaitEvicted(reader, 3);
    assertThat(lines(Level.WARN)).hasSize(2);
    assertThat(reader.observer.lost).hasValue(0);
    assertThat(reader.observer.subscribed).hasValue(1);
  }

  /** The last two messages come after all others over the connection of each pattern. */
  @Tag("G3.33")
  @ParameterizedTest
  @EnumSource
  void aMessageHeardThroughSeveralTopics_isAppliedOnce(Client client) {
    String one = orders.replaceFirst(".$", "?");
    ShopNode other = otherApplication(client);
    ShopNode peer = node(client, own, List.of(), builder -> {}).join();
    ShopNode reader = reader(client, orders + "*", one, orders, "[s]hop-" + id);
    int before = reader.observer.appliedKeys.get();

    for (long key = 0; key < 5; key++) {
      publish(orders, key);
      peer.write(key, 7);
      other.write(key, 7);
    }
    Shop.awaitPublished(peer);
    Shop.awaitPublished(other);
    publish(orders + "-more", 8);
    publish(one.replace('?', '~'), 9);
    awaitEvicted(reader, 8);
    awaitEvicted(reader, 9);

    await().atMost(PATIENCE).until(() -> reader.observer.appliedKeys.get() >= before + 17);
    assertThat(reader.observer.appliedKeys).hasValue(before + 17);
  }
}
