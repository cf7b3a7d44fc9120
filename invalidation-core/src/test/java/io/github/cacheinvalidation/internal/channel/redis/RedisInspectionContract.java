package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.Audience;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogExcerpt;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an operator learns from Redis, with every client. */
abstract class RedisInspectionContract extends RedisChannelFixture {

  RedisInspectionContract(TestRedis shared, Client client) {
    super(shared, client, FeedKind.PUBSUB);
  }

  private static Inspection inspection(Channel channel) {
    return Objects.requireNonNull(channel.inspection());
  }

  @Test
  void audience_isTheConnectionsOfTheChannelAndTheNamesOfNodes() {
    Channel channel = channel();
    subscribe(channel);
    subscribe(channel());

    Audience audience = inspection(channel).audience();

    assertThat(audience.connections()).isEqualTo(2);
    assertThat(audience.names()).contains(node, node);
    assertThat(audience.connectionsUnknown()).isNull();
    assertThat(audience.namesUnknown()).isNull();
  }

  @Test
  void audienceWithoutTheRights_saysWhichRightsAreMissing() {
    Channel channel = channel(user("~*", "&*", "+@all", "-pubsub", "-client|list"));

    Audience audience = inspection(channel).audience();

    assertThat(audience.connections()).isNull();
    assertThat(audience.connectionsUnknown())
        .isEqualTo(
            "The Redis user may not run PUBSUB NUMSUB; ACL SETUSER <user> +pubsub allows it");
    assertThat(audience.names()).isEmpty();
    assertThat(audience.namesUnknown())
        .isEqualTo(
            "The Redis user may not run CLIENT LIST; ACL SETUSER <user> +client|list allows it");
  }

  @Test
  void listeners_areThoseOfTheLastMessage() {
    Channel channel = channel();
    assertThat(channel.log().listeners()).isEmpty();
    publish(channel, "{\"n\":1}");
    assertThat(channel.log().listeners()).hasValue(0);
    subscribe(channel());

    publish(channel, "{\"n\":2}");

    assertThat(channel.log().listeners()).hasValue(1);
  }

  @Test
  void tip_hasTheTimeOfTheServer() {
    Channel channel = channel();
    publish(channel, "{\"n\":1}");
    Instant accepted = Objects.requireNonNull(channel.log().tip().position().time());

    Instant answered = Instant.ofEpochSecond(0, channel.log().tip().serverMicros() * 1000);

    assertThat(answered).isAfterOrEqualTo(accepted).isBefore(accepted.plus(Duration.ofMinutes(1)));
  }

  @Test
  void tipWithoutTheRightToReadTheTime_hasNone() {
    Channel channel = channel(user("~*", "&*", "+@all", "-time"));

    assertThat(channel.log().tip().serverMicros()).isZero();
  }

  @Test
  void logSinceATime_isReadInOrder_boundedInNumber() {
    Channel channel = channel();
    for (int i = 0; i < 250; i++) {
      publish(channel, "{\"n\":" + i + "}");
    }
    Inspection inspection = inspection(channel);
    LogExcerpt all = inspection.since(Instant.EPOCH, 1_000);
    Instant first = Objects.requireNonNull(all.entries().get(0).position().time());

    assertThat(all.entries()).extracting(LogEntry::position).hasSize(250).doesNotHaveDuplicates();
    assertThat(body(all.entries().get(249))).isEqualTo("{\"n\":249}");
    assertThat(all.more()).isFalse();
    assertThat(all.beginning()).isEqualTo(first);
    LogExcerpt some = inspection.since(first, 120);
    assertThat(some.entries())
        .extracting(LogEntry::position)
        .isEqualTo(all.entries().subList(0, 120).stream().map(LogEntry::position).toList());
    assertThat(some.more()).isTrue();
    assertThat(inspection.since(Instant.now().plusSeconds(3600), 10).entries()).isEmpty();
  }

  @Test
  void logThatDoesNotExist_isEmpty() {
    LogExcerpt nothing = inspection(channel()).since(Instant.EPOCH, 10);

    assertThat(nothing).isEqualTo(new LogExcerpt(null, List.of(), false));
  }

  private static String body(LogEntry entry) {
    return new String(entry.body(), StandardCharsets.UTF_8);
  }
}
