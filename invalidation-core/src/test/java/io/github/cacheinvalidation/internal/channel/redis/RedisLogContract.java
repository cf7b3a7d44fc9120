package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The entries of the log and the messages on the wire of a channel over Redis, with every client.
 */
@Tag("G3")
abstract class RedisLogContract extends RedisChannelFixture {

  RedisLogContract(TestRedis shared, Client client) {
    this(shared, client, FeedKind.PUBSUB);
  }

  RedisLogContract(TestRedis shared, Client client, FeedKind feed) {
    super(shared, client, feed);
  }

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

  @Tag("G9.3")
  @Test
  void theLog_livesForSevenDays() {
    Channel channel = channel();

    publish(channel, "{\"n\":1}");

    assertThat(lifetime()).isBetween(604_790L, 604_800L);
  }

  @Tag("G9.3")
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
    assertThat(heard(subscriber, "{\"n\":1}").predecessor()).isEqualTo(id + "/");
    LogPage page = channel.log().read(tip.position(), 10);
    assertThat(page.entries()).extracting(LogEntry::position).contains(tip.position());
    assertThat(page.entries().get(0).body()).asString().isEqualTo("{\"cache\":\"c\"}");
  }

  @Test
  void anInvalidNonce_becomesNoPartOfAPosition() {
    Channel channel = channel();
    RecordingSubscriber subscriber = subscribe(channel);
    String id = shared.command("XADD", logKey(), "*", "n", "\",\"x\":\"", "s", "many").toString();

    Tip tip = channel.log().tip();
    publish(channel, "{\"n\":1}");

    assertThat(tip.position()).isEqualTo(new Position(id, ""));
    assertThat(heard(subscriber, "{\"n\":1}").predecessor()).isEqualTo(id + "/");
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
  void anInvalidSum_doesNotChangeTheEntriesThatTheLogKeeps(String sum) {
    Channel channel = channel();
    shared.command("XADD", logKey(), "*", "n", "a", "s", sum, "m", "{}");

    publish(channel, "{\"n\":1}");
    publish(channel, "{\"n\":2}");

    assertThat(shared.command("XLEN", logKey())).isEqualTo("3");
    assertThat(shared.command("XREVRANGE", logKey(), "+", "-", "COUNT", "1").toString())
        .contains("s, 14");
  }

  @Test
  void aPublicationWithAnInvalidNonce_isRefused() {
    Channel channel = channel();

    assertThatThrownBy(() -> channel.log().append(new Publication("\"", new byte[] {'{', '}'})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'nonce' must be");
  }

  @Test
  void aKeyOfAnotherType_failsTheCheckByName_andGetsNoLifetime() {
    shared.command("SET", logKey(), "x");

    assertThatThrownBy(() -> channel().log().tip())
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("WRONGTYPE")
        .hasMessageContaining(name);

    assertThat(shared.command("TTL", logKey())).isEqualTo("-1");
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

  @Tag("G5.9")
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

  /** A subscriber to a pattern receives the bytes as they are on the wire. */
  @Test
  void onTheWire_thePlaceInTheChainIsInFrontOfTheBody() {
    RecordingSubscriber wire =
        subscribe(
            channel(
                    factory(shared, c -> {}),
                    settings(name + "-tap", List.of(name.replace("redis-", "redis?"))))
                .further()
                .get(0));
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
}
