package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * With every client: which server answers the channel over Redis, the effect of an outage, and the
 * resources left after it.
 */
@Tag("G3")
abstract class RedisConnectionsContract extends RedisChannelFixture {

  RedisConnectionsContract(TestRedis shared, Client client) {
    this(shared, client, FeedKind.PUBSUB);
  }

  RedisConnectionsContract(TestRedis shared, Client client, FeedKind feed) {
    super(shared, client, feed);
  }

  @Test
  void theServer_isKnownByItsRunId() {
    assertThat(channel().log().tip().serverId()).startsWith(shared.infoOf("server", "run_id"));
  }

  @Test
  void eachConnection_hasTheNameOfTheNode() {
    Channel channel = channel();
    publish(channel, "{\"n\":1}");
    channel.log().tip();
    subscribe(channel);

    assertThat(shared.clientsNamed("invalidation:" + node)).hasSize(3);
  }

  @Test
  void aCheck_countsTheConnectionsThatListen_ofAllNodesOfTheChannel() {
    Channel channel = channel();
    assertThat(channel.log().tip().listeners()).isZero();

    subscribe(channel);
    subscribe(channel());

    assertThat(channel.log().tip().listeners()).isEqualTo(2);
  }

  @Test
  void aUserWhoMayNotCount_isAnsweredWithoutTheNumber() {
    Channel channel = channel(user("~*", "&*", "+@all", "-pubsub"));
    subscribe(channel);

    assertThat(channel.log().tip().listeners()).isZero();
  }

  @Test
  void theServer_isNamedWithItsPort() {
    assertThat(channel().server()).isEqualTo("127.0.0.1:" + shared.port());
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
  void twoMasters_arePossibleOnlyWithReplicas_thatTheMasterDoesNotNeed() {
    TestRedis master = ownRedis(TestRedis.started());
    Channel channel = channel(factory(master, c -> {}), settings(name, List.of()));
    assertThat(channel.log().tip().twoMastersPossible()).as("without replicas").isFalse();

    TestRedis replica = ownRedis(TestRedis.started());
    replica.command("REPLICAOF", "127.0.0.1", String.valueOf(master.port()));
    await().until(() -> channel.log().tip().twoMastersPossible());

    await().until(() -> master.infoOf("replication", "slave0").contains("state=online"));
    master.command("CONFIG", "SET", "min-replicas-to-write", "1");
    assertThat(channel.log().tip().twoMastersPossible()).as("needs a replica").isFalse();
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

  @Tag("G8.2")
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

  @Tag("G8.4")
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

    killFeed();

    assertThat(subscriber.awaitLost()).isInstanceOf(ChannelException.class);
    RecordingSubscriber next = subscribe(channel);
    publish(channel, "{\"n\":2}");
    assertThat(next.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
    assertThat(subscriber.losses()).hasSize(1);
    assertThat(subscriber.timesSubscribed()).isEqualTo(1);
  }

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
