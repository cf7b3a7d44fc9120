package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorKind;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** What the channel over Redis does with every client. */
@Tag("G3")
abstract class RedisChannelContract extends ChannelContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static TestRedis shared;

  private final String node = "node-" + UUID.randomUUID();
  private final String name = "redis-" + UUID.randomUUID();
  private final List<AutoCloseable> resources = new ArrayList<>();

  @BeforeAll
  static void startRedis() {
    shared = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    shared.close();
  }

  @AfterEach
  void closeResources() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
    shared.command("CONFIG", "SET", "maxmemory", "0");
  }

  /** Returns a connection factory of the application, with the client under test. */
  abstract RedisConnectionFactory factory(
      TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer);

  @Override
  protected Channel open(String channelName) {
    return RedisChannel.open(factory(shared, c -> {}), settings(channelName, List.of()));
  }

  private RedisChannelSettings settings(String channelName, List<String> subscriptions) {
    return new RedisChannelSettings(channelName, node, 10_000, 64_000_000, subscriptions, TIMEOUT);
  }

  private Channel channel(RedisConnectionFactory factory, RedisChannelSettings settings) {
    Channel channel = RedisChannel.open(factory, settings);
    resources.add(0, channel);
    return channel;
  }

  private Channel channel(Consumer<RedisStandaloneConfiguration> customizer) {
    return channel(factory(shared, customizer), settings(name, List.of()));
  }

  private Channel channel() {
    return channel(configuration -> {});
  }

  private TestRedis ownRedis(TestRedis redis) {
    resources.add(redis);
    return redis;
  }

  private static String publish(Channel channel, String body) {
    String nonce = UUID.randomUUID().toString();
    channel.log().append(new Publication(nonce, body.getBytes(StandardCharsets.UTF_8)));
    return nonce;
  }

  private static RecordingSubscriber subscribe(Channel channel) {
    RecordingSubscriber subscriber = new RecordingSubscriber();
    channel.feed().subscribe(subscriber);
    return subscriber.awaitSubscribed();
  }

  private String logKey() {
    return "{" + name + "}:log";
  }

  /** Creates a user and returns what logs in as that user. */
  private Consumer<RedisStandaloneConfiguration> user(String... rules) {
    String user = "user-" + UUID.randomUUID();
    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user, "on", ">secret"));
    command.addAll(List.of(rules));
    shared.command(command.toArray(String[]::new));
    return configuration -> {
      configuration.setUsername(user);
      configuration.setPassword("secret");
    };
  }

  // The log

  @Test
  void theLog_isBoundedInEntries() {
    Channel channel =
        channel(
            factory(shared, c -> {}),
            new RedisChannelSettings(name, node, 200, 64_000_000, List.of(), TIMEOUT));
    for (int i = 0; i < 1_000; i++) {
      publish(channel, "{\"n\":" + i + "}");
    }

    assertThat(Long.parseLong(shared.command("XLEN", logKey()).toString())).isBetween(200L, 300L);
  }

  @Test
  void theLog_isBoundedInBytes() {
    Channel channel =
        channel(
            factory(shared, c -> {}),
            new RedisChannelSettings(name, node, 10_000, 100_000, List.of(), TIMEOUT));
    String body = "{\"k\":\"" + "x".repeat(1_000) + "\"}";
    for (int i = 0; i < 500; i++) {
      publish(channel, body);
    }

    assertThat(Long.parseLong(shared.command("XLEN", logKey()).toString())).isBetween(90L, 102L);
  }

  @Test
  void aMessageLargerThanTheBoundInBytes_isKeptAlone() {
    Channel channel =
        channel(
            factory(shared, c -> {}),
            new RedisChannelSettings(name, node, 10_000, 1_000, List.of(), TIMEOUT));
    publish(channel, "{\"n\":1}");

    String nonce = publish(channel, "{\"k\":\"" + "x".repeat(5_000) + "\"}");

    assertThat(channel.log().read(new Position("0-0", ""), 10).entries())
        .extracting(entry -> entry.position().nonce())
        .containsExactly(nonce);
  }

  @Test
  void theLog_livesForSevenDays() {
    Channel channel = channel();

    publish(channel, "{\"n\":1}");

    assertThat(lifetime()).isBetween(604_790L, 604_800L);
  }

  @Test
  void aCheck_renewsTheLifetime() {
    Channel channel = channel();
    publish(channel, "{\"n\":1}");
    shared.command("EXPIRE", logKey(), "100");

    channel.log().tip();

    assertThat(lifetime()).isBetween(604_790L, 604_800L);
  }

  private long lifetime() {
    return Long.parseLong(shared.command("TTL", logKey()).toString());
  }

  @Test
  void entriesAddedByHand_haveNoNonceAndAreChained() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    String id = shared.command("XADD", logKey(), "*", "m", "{\"cache\":\"c\"}").toString();

    Tip tip = channel.log().tip();
    publish(channel, "{\"n\":1}");

    assertThat(tip.position()).isEqualTo(new Position(id, ""));
    assertThat(subscriber.await(1).get(0).predecessor()).isEqualTo(id + "/");
    LogPage page = channel.log().read(tip.position(), 10);
    assertThat(page.entries()).extracting(LogEntry::position).contains(tip.position());
    assertThat(page.entries().get(0).body()).asString().isEqualTo("{\"cache\":\"c\"}");
  }

  @Test
  void aNonceThatIsNone_becomesNoPartOfAPosition() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    String id = shared.command("XADD", logKey(), "*", "n", "\",\"x\":\"", "s", "many").toString();

    Tip tip = channel.log().tip();
    publish(channel, "{\"n\":1}");

    assertThat(tip.position()).isEqualTo(new Position(id, ""));
    assertThat(subscriber.await(1).get(0).predecessor()).isEqualTo(id + "/");
    assertThat(channel.log().read(tip.position(), 10).entries().get(0).position())
        .isEqualTo(tip.position());
  }

  @Test
  void anEntryWithAFieldTwice_hasOnePositionForAll() {
    Channel channel = channel();
    channel.log().tip();
    shared.command("XADD", logKey(), "*", "n", "a", "n", "b", "m", "{}");

    Position tip = channel.log().tip().position();

    assertThat(channel.log().read(tip, 2).entries())
        .extracting(LogEntry::position)
        .containsExactly(tip);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "inf", "1e308", "-5", "0x10"})
  void aSumThatIsNone_doesNotChangeWhatTheLogKeeps(String sum) {
    Channel channel = channel();
    shared.command("XADD", logKey(), "*", "n", "a", "s", sum, "m", "{}");

    publish(channel, "{\"n\":1}");
    publish(channel, "{\"n\":2}");

    assertThat(shared.command("XLEN", logKey())).isEqualTo("3");
    assertThat(shared.command("XREVRANGE", logKey(), "+", "-", "COUNT", "1").toString())
        .contains("s, 14");
  }

  @Test
  void aPublicationWhoseNonceIsNone_isRefused() {
    Channel channel = channel();

    assertThatThrownBy(() -> channel.log().append(new Publication("\"", new byte[] {'{', '}'})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'nonce' must be");
  }

  @Test
  void aKeyOfAnotherType_failsTheCheckByName() {
    shared.command("SET", logKey(), "x");

    assertThatThrownBy(() -> channel().log().tip())
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("WRONGTYPE")
        .hasMessageContaining(name);
  }

  @Test
  void anotherDatabase_isAnotherChannel() {
    Channel zero = channel();
    RecordingSubscriber ofZero = subscribe(zero);
    Channel one = channel(configuration -> configuration.setDatabase(1));
    RecordingSubscriber ofOne = subscribe(one);

    publish(one, "{\"n\":1}");
    publish(zero, "{\"n\":0}");

    assertThat(one.name()).isEqualTo(name + "@1");
    assertThat(ofOne.await(1)).extracting(Heard::body).containsExactly("{\"n\":1}");
    assertThat(ofZero.await(1)).extracting(Heard::body).containsExactly("{\"n\":0}");
    assertThat(shared.command("XLEN", logKey())).isEqualTo("1");
    assertThat(shared.command("XLEN", "{" + name + "@1}:log")).isEqualTo("0");
  }

  @Test
  void forgottenScripts_areSentAgain() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    publish(channel, "{\"n\":1}");
    channel.log().tip();

    shared.command("SCRIPT", "FLUSH");
    publish(channel, "{\"n\":2}");
    channel.log().tip();

    assertThat(subscriber.await(2)).hasSize(2);
  }

  // Who answers

  @Test
  void theServer_isKnownByItsRunId() {
    assertThat(channel().log().tip().serverId()).startsWith(shared.infoOf("server", "run_id"));
  }

  @Test
  void aServerThatWasAReplicaInBetween_isAnotherServer() {
    TestRedis redis = ownRedis(TestRedis.started());
    Channel channel = channel(factory(redis, c -> {}), settings(name, List.of()));
    String runId = redis.infoOf("server", "run_id");
    String before = channel.log().tip().serverId();
    assertThat(channel.log().tip().serverId()).isEqualTo(before);

    redis.command("REPLICAOF", "127.0.0.1", String.valueOf(shared.port()));
    redis.command("REPLICAOF", "NO", "ONE");

    assertThat(redis.infoOf("server", "run_id")).isEqualTo(runId);
    assertThat(channel.log().tip().serverId()).isNotEqualTo(before);
  }

  @Test
  void aHiddenRunId_isReplacedByTheNumberOfTheConnection_whichTheFirstSubscriptionLeaves() {
    Channel channel = channel(user("~*", "&*", "+@all", "-info"));
    String first = channel.log().tip().serverId();

    String same = channel.log().tip().serverId();
    subscribe(channel);
    String afterSubscription = channel.log().tip().serverId();
    subscribe(channel);
    String afterResubscription = channel.log().tip().serverId();
    shared.killClients("invalidation:" + node, "N");
    String afterReconnect = channel.log().tip().serverId();

    assertThat(first).isEqualTo("connection-1").isEqualTo(same);
    assertThat(afterSubscription).isEqualTo("connection-1");
    assertThat(afterResubscription).isEqualTo("connection-2");
    assertThat(afterReconnect).isEqualTo("connection-3");
  }

  // What a server refuses

  @Test
  void theRightsThatTheRemedyNames_areEnough() {
    String remedy = ServerErrorKind.RIGHTS.remedy(RedisNames.of(name, 0));
    String[] rules = remedy.substring(remedy.indexOf('~')).split(" ", -1);
    Consumer<RedisStandaloneConfiguration> user = user(rules);
    Channel channel =
        channel(
            factory(shared, user),
            new RedisChannelSettings(name, node, 10_000, 1_000, List.of(), TIMEOUT));
    RecordingSubscriber subscriber = subscribe(channel);

    publish(channel, "{\"k\":\"" + "x".repeat(900) + "\"}");
    publish(channel, "{\"k\":\"" + "x".repeat(900) + "\"}");
    Tip tip = channel.log().tip();

    assertThat(subscriber.await(2).get(1).position()).isEqualTo(tip.position());
    assertThat(channel.log().read(tip.position(), 2).entries()).hasSize(1);
    assertThat(tip.serverId()).startsWith(shared.infoOf("server", "run_id"));
  }

  @Test
  void noRightToAppend_publishesWithoutAPositionAndNamesTheRemedy() {
    RecordingSubscriber subscriber = subscribe(channel());
    Channel refused = channel(user("~*", "&*", "+@all", "-xadd"));

    assertThatThrownBy(() -> publish(refused, "{\"n\":1}"))
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("+xadd")
        .hasNoSuppressedExceptions();

    assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":1}");
    assertThat(shared.command("EXISTS", logKey())).isEqualTo("0");
  }

  @Test
  void noRightToPublish_takesTheEntryBack() {
    Channel refused = channel(user("~*", "resetchannels", "+@all"));
    publish(channel(), "{\"n\":1}");

    PublicationRefusedException exception =
        catchThrowableOfType(
            PublicationRefusedException.class, () -> publish(refused, "{\"n\":2}"));

    assertThat(exception).hasMessageContaining("&" + name);
    assertThat(exception.getSuppressed()).hasSize(1);
    assertThat(shared.command("XLEN", logKey())).isEqualTo("1");
  }

  @Test
  void noRightToRunScripts_isRefused() {
    RecordingSubscriber subscriber = subscribe(channel());
    Channel refused = channel(user("~*", "&*", "+@all", "-@scripting"));

    assertThatThrownBy(() -> publish(refused, "{\"n\":1}"))
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining("NOPERM");

    assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":1}");
  }

  @Test
  void noRightToTheLog_failsTheCheckAndNamesTheRemedy() {
    Channel refused = channel(user("~other", "&*", "+@all"));

    assertThatThrownBy(refused.log()::tip)
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("~" + logKey());
    assertThatThrownBy(() -> refused.log().read(new Position("0-0", ""), 2))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("~" + logKey());
  }

  @Test
  void noRightToSubscribe_losesTheSubscriptionAndNamesTheRemedy() {
    RecordingSubscriber subscriber = new RecordingSubscriber();

    channel(user("~*", "resetchannels", "+@all")).feed().subscribe(subscriber);

    assertThat(subscriber.awaitLost())
        .hasMessageContaining("NOPERM")
        .hasMessageContaining("&" + name);
    assertThat(subscriber.timesSubscribed()).isZero();
  }

  @Test
  void noRightToAPattern_losesTheSubscription() {
    RecordingSubscriber subscriber = new RecordingSubscriber();

    channel(
            factory(shared, user("~*", "resetchannels", "&" + name, "+@all")),
            settings(name, List.of("secret-*")))
        .feed()
        .subscribe(subscriber);

    assertThat(subscriber.awaitLost()).hasMessageContaining("NOPERM");
    assertThat(subscriber.timesSubscribed()).isZero();
  }

  @Test
  void aFullMemory_refusesNothing() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    shared.command("CONFIG", "SET", "maxmemory", "1");

    publish(channel, "{\"n\":1}");

    assertThat(channel.log().tip().position()).isEqualTo(subscriber.await(1).get(0).position());
  }

  @Test
  void aReplica_refusesPublicationsAndChecks() {
    TestRedis redis = ownRedis(TestRedis.started());
    Channel channel = channel(factory(redis, c -> {}), settings(name, List.of()));
    publish(channel, "{\"n\":1}");
    redis.command("REPLICAOF", "127.0.0.1", String.valueOf(shared.port()));

    assertThatThrownBy(() -> publish(channel, "{\"n\":2}"))
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining("READONLY");
    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);

    redis.command("REPLICAOF", "NO", "ONE");
    publish(channel, "{\"n\":3}");
    channel.log().tip();
  }

  // Outages

  @Test
  void aServerThatIsDownAtFirst_isUsedOnceItIsUp() {
    TestRedis redis = ownRedis(TestRedis.stopped());
    Channel channel = channel(factory(redis, c -> {}), settings(name, List.of()));
    RecordingSubscriber early = new RecordingSubscriber();
    assertThatThrownBy(() -> publish(channel, "{\"n\":1}"))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
    channel.feed().subscribe(early);
    early.awaitLost();

    redis.start();

    RecordingSubscriber subscriber = subscribe(channel);
    publish(channel, "{\"n\":2}");
    assertThat(channel.log().tip().position()).isEqualTo(subscriber.await(1).get(0).position());
    assertThat(early.losses()).hasSize(1);
    assertThat(early.timesSubscribed()).isZero();
  }

  @Test
  void aHostThatDoesNotResolve_failsEachCallOnly() {
    Channel channel =
        channel(
            factory(shared, c -> c.setHostName("no-such-host.invalid")), settings(name, List.of()));
    RecordingSubscriber subscriber = new RecordingSubscriber();

    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
    channel.feed().subscribe(subscriber);

    assertThat(subscriber.awaitLost()).isInstanceOf(ChannelException.class);
  }

  @Test
  void aRestartedServer_isAnotherServer() {
    TestRedis redis = ownRedis(TestRedis.started());
    Channel channel = channel(factory(redis, c -> {}), settings(name, List.of()));
    RecordingSubscriber first = subscribe(channel);
    Tip before = channel.log().tip();

    redis.stop();
    first.awaitLost();
    redis.start();
    Tip after = channel.log().tip();

    assertThat(after.serverId()).isNotEqualTo(before.serverId());
    assertThat(after.created()).isTrue();
    assertThat(first.losses()).hasSize(1);
    RecordingSubscriber second = subscribe(channel);
    publish(channel, "{\"n\":1}");
    assertThat(second.await(1)).hasSize(1);
  }

  @Test
  void aServerThatDoesNotAnswer_failsWithinABoundedTimeAndIsUsedAfterwards() {
    TestRedis redis = ownRedis(TestRedis.started());
    Channel channel =
        channel(
            factory(redis, c -> {}),
            new RedisChannelSettings(
                name, node, 10_000, 64_000_000, List.of(), Duration.ofMillis(200)));
    publish(channel, "{\"n\":1}");
    RecordingSubscriber subscriber = new RecordingSubscriber();
    redis.pause();

    assertThatThrownBy(() -> publish(channel, "{\"n\":2}"))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(PublicationRefusedException.class);
    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
    channel.feed().subscribe(subscriber);
    assertThat(subscriber.awaitLost()).isInstanceOf(ChannelException.class);
    assertThat(subscriber.timesSubscribed()).isZero();

    redis.resume();
    await()
        .ignoreExceptionsInstanceOf(ChannelException.class)
        .until(() -> channel.log().tip() != null);
    await()
        .ignoreExceptionsInstanceOf(ChannelException.class)
        .until(() -> !publish(channel, "{\"n\":3}").isEmpty());
  }

  @Test
  void aKilledSubscription_isLostOnce() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    publish(channel, "{\"n\":1}");
    subscriber.await(1);

    assertThat(shared.killClients("invalidation:" + node, "P")).isEqualTo(1);

    assertThat(subscriber.awaitLost()).isInstanceOf(ChannelException.class);
    RecordingSubscriber next = subscribe(channel);
    publish(channel, "{\"n\":2}");
    assertThat(next.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
    assertThat(subscriber.losses()).hasSize(1);
    assertThat(subscriber.timesSubscribed()).isEqualTo(1);
  }

  // Open channels

  @Test
  void additionalChannelsAndPatterns_areDeliveredAsOpen() {
    String prefix = "open-" + UUID.randomUUID();
    Channel channel =
        channel(
            factory(shared, c -> {}), settings(name, List.of(prefix + "-one", prefix + "-p-*")));
    RecordingSubscriber subscriber = subscribe(channel);

    shared.command("PUBLISH", prefix + "-one", "1");
    shared.command("PUBLISH", prefix + "-p-two", "2");
    shared.command("PUBLISH", name, "3");

    assertThat(subscriber.await(3)).extracting(Heard::body).containsExactly("1", "2", "3");
    assertThat(subscriber.deliveries()).extracting(Heard::open).containsExactly(true, true, false);
    assertThat(subscriber.timesSubscribed()).isEqualTo(1);
  }

  @Test
  void aPatternThatMatchesTheChannelItself_deliversNothingTwice() {
    Channel channel = channel(factory(shared, c -> {}), settings(name, List.of(name, name + "*")));
    RecordingSubscriber subscriber = subscribe(channel);

    publish(channel, "{\"n\":1}");
    shared.command("PUBLISH", name + "-more", "2");

    assertThat(subscriber.await(2)).extracting(Heard::open).containsExactly(false, true);
  }

  /** Whoever listens to the channel of others hears the bytes as they are on the wire. */
  @Test
  void onTheWire_thePlaceInTheChainIsInFrontOfTheBody() {
    RecordingSubscriber wire =
        subscribe(channel(factory(shared, c -> {}), settings(name + "-tap", List.of(name))));
    Channel channel = channel();

    publish(channel, "{}");
    Position first = channel.log().tip().position();
    publish(channel, "{\"n\":1}");
    Position second = channel.log().tip().position();

    assertThat(wire.await(2))
        .extracting(Heard::body)
        .containsExactly(
            "{\"pos\":\"" + first + "\",\"prev\":\"\"}",
            "{\"pos\":\"" + second + "\",\"prev\":\"" + first + "\",\"n\":1}");
  }

  // What is left behind

  @Test
  void aChannel_hasThreeNamedConnectionsAtMost() {
    Channel channel = channel();
    subscribe(channel);
    for (int i = 0; i < 10; i++) {
      publish(channel, "{\"n\":1}");
      channel.log().tip();
      channel.log().read(new Position("0-0", ""), 2);
    }

    assertThat(shared.clientsNamed("invalidation:" + node)).hasSize(3);
  }

  @Test
  void aClosedSubscription_leavesNoConnection() {
    Channel channel = channel();
    RecordingSubscriber subscriber = new RecordingSubscriber();
    var subscription = channel.feed().subscribe(subscriber);
    subscriber.awaitSubscribed();
    assertThat(shared.clientsNamed("invalidation:" + node)).hasSize(1);

    subscription.close();

    shared.awaitNoClientNamed("invalidation:" + node);
  }

  @Test
  void aClosedChannel_leavesNoConnectionAndNoThread() {
    RedisConnectionFactory application = factory(shared, c -> {});
    Channel channel = channel(application, settings(name, List.of("open-*")));
    subscribe(channel);
    publish(channel, "{\"n\":1}");
    channel.log().tip();

    channel.close();

    shared.awaitNoClientNamed("invalidation:" + node);
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(
                        thread ->
                            thread.getName().startsWith("cache-invalidation-")
                                && thread.getName().endsWith(name)));
    try (var connection = application.getConnection()) {
      assertThat(connection.ping()).isEqualTo("PONG");
    }
  }
}
