package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorKind;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** How the channel over Redis reacts, with every client, to refusals of the server. */
@Tag("G3")
abstract class RedisRefusalsContract extends RedisChannelFixture {

  private static final String HIGHEST_ID = "18446744073709551615-18446744073709551615";

  RedisRefusalsContract(TestRedis shared, Client client) {
    this(shared, client, FeedKind.PUBSUB);
  }

  RedisRefusalsContract(TestRedis shared, Client client, FeedKind feed) {
    super(shared, client, feed);
  }

  @Test
  void theRightsThatTheRemedyNames_areEnough() {
    String remedy = ServerErrorKind.RIGHTS.remedy(RedisNames.of(name, 0));
    String rights = remedy.substring(remedy.indexOf('~'), remedy.indexOf(". The transport"));
    String[] rules = (rights + rightsOfTheFeed()).split(" ", -1);
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

  private String rightsOfTheFeed() {
    return switch (feed) {
      case PUBSUB -> "";
      case SHARDED_PUBSUB -> " +spublish +ssubscribe";
      case STREAM -> " +xread";
    };
  }

  @Tag("G5.8")
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
  void aFullMemory_refusesNothing() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    shared.command("CONFIG", "SET", "maxmemory", "1");

    publish(channel, "{\"n\":1}");

    assertThat(channel.log().tip().position()).isEqualTo(subscriber.await(1).get(0).position());
  }

  @Test
  void aFullMemory_refusesNoNewLog() {
    Channel channel = channel();
    shared.command("CONFIG", "SET", "maxmemory", "1");

    Tip created = channel.log().tip();
    shared.command("CONFIG", "SET", "maxmemory", "0");
    shared.command("XADD", logKey(), HIGHEST_ID, "m", "{}");
    shared.command("CONFIG", "SET", "maxmemory", "1");
    publish(channel, "{\"n\":1}");

    assertThat(created.created()).isTrue();
    assertThat(shared.command("XRANGE", logKey(), "-", "+").toString())
        .contains("{\"n\":1}")
        .doesNotContain(HIGHEST_ID);
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
}
