package io.github.cacheinvalidation.internal.channel.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the members of a group share the messages of a log over Redis, with every client. */
@Tag("G10")
abstract class RedisGroupContract extends RedisGroupFixture {

  RedisGroupContract(TestRedis shared, Client client) {
    super(shared, client);
  }

  @Tag("G10.1")
  @Test
  void members_getEachMessageOnce_andInTheOrderOfTheLogWithoutFailures() {
    GroupLog first = settledMember();
    GroupLog second = member("second", LONG);

    publish(channel, "{\"n\":1}");
    publish(channel, "{\"n\":2}");
    publish(channel, "{\"n\":3}");
    GroupLog.Entry one = taken(first, null);
    GroupLog.Entry two = taken(second, null);
    GroupLog.Entry three = taken(first, handled(one));

    assertThat(List.of(body(one), body(two), body(three)))
        .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    assertThat(one.deliveries()).isEqualTo(1);
    assertThat(first.take(handled(three)).entry()).isNull();
    assertThat(second.take(handled(two)).entry()).isNull();
  }

  @Tag("G10.4")
  @Test
  void failedMessage_isGivenToAnyMemberAfterItsPause() {
    GroupLog first = settledMember();
    GroupLog second = member("second", LONG);
    second.take(null);
    publish(channel, "{\"n\":1}");
    GroupLog.Entry attempt = taken(first, null);

    long began = System.nanoTime();
    assertThat(first.take(failed(attempt)).entry()).isNull();
    GroupLog.Entry again = awaitTaken(second);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(BACK_OFF);
    assertThat(again.id()).isEqualTo(attempt.id());
    assertThat(again.deliveries()).isEqualTo(2);
    assertThat(body(again)).isEqualTo("{\"n\":1}");
  }

  @Tag("G10.5")
  @Test
  void manyFailedMessages_keepNewOnesWaiting() {
    GroupLog member = settledMember();
    int many = 201;
    GroupLog slow =
        requireNonNull(channel.groupLog(new GroupMember(GROUP, "slow", LONG, LONG, LONG, 2)));
    IntStream.range(0, many).forEach(n -> publish(channel, "{\"n\":" + n + "}"));
    GroupLog.Taken last = slow.take(null);
    int taken = 0;
    while (last.entry() != null && taken < many) {
      taken++;
      last = slow.take(failed(last.entry()));
    }

    assertThat(taken).isEqualTo(200);
    member.close();
  }

  @Tag("G10.2")
  @Test
  void messageOfADeadMember_isGivenToAnother() {
    GroupLog first = settledMember();
    publish(channel, "{\"n\":1}");
    GroupLog.Entry unfinished = taken(first, null);
    first.close();

    assertThat(member("patient", LONG).take(null).entry()).isNull();
    GroupLog.Entry claimed =
        requireNonNull(
            await()
                .atMost(LONG)
                .until(
                    () -> {
                      try (GroupLog heir = member("heir", BACK_OFF)) {
                        return heir.take(null).entry();
                      }
                    },
                    entry -> entry != null));

    assertThat(claimed.id()).isEqualTo(unfinished.id());
    assertThat(claimed.deliveries()).isEqualTo(2);
  }

  @Tag("G10.3")
  @Test
  void messageWhoseAnswerWasLost_isGivenToTheSameMemberAgain() {
    GroupLog member = settledMember();
    publish(channel, "{\"n\":1}");

    String lost = taken(member, null).id();

    assertThat(taken(member, null).id()).isEqualTo(lost);
  }

  @Test
  void backlog_isWhatTheGroupHasNotFinished() {
    GroupLog first = settledMember();
    publish(channel, "{\"n\":1}");
    publish(channel, "{\"n\":2}");
    publish(channel, "{\"n\":3}");
    taken(first, null);

    assertThat(member("second", LONG).take(null).backlog()).isEqualTo(new GroupLog.Backlog(1, 2));
  }

  @Test
  void deadLetters_areKeptOnceEachAndBounded() {
    GroupLog member = settledMember();
    String key = logKey() + ":" + GROUP + ":dead";
    for (int n = 1; n <= 3; n++) {
      publish(channel, "{\"n\":" + n + "}");
      GroupLog.Entry entry = taken(member, null);
      member.keep(entry, "broken");
      member.keep(entry, "broken");
      member.take(handled(entry));
    }

    assertThat(shared.command("XLEN", key)).isEqualTo("2");
    assertThat(shared.command("XRANGE", key, "-", "+").toString())
        .contains("{\"n\":2}", "{\"n\":3}", "attempts, 1", "reason, broken", "node, first");
    assertThat(Long.parseLong(shared.command("TTL", key).toString()))
        .isBetween(2_591_000L, 2_592_000L);
  }

  @Test
  void aFullMemory_refusesNeitherMessagesNorDeadLetters() {
    shared.command("CONFIG", "SET", "maxmemory", "1");
    GroupLog member = settledMember();
    publish(channel, "{\"n\":1}");

    GroupLog.Entry entry = taken(member, null);
    member.keep(entry, "broken");
    member.take(handled(entry));

    assertThat(body(entry)).isEqualTo("{\"n\":1}");
    assertThat(shared.command("XLEN", logKey() + ":" + GROUP + ":dead")).isEqualTo("1");
  }

  @Test
  void memberThatLeaves_isForgotten_unlessItHasAMessage() {
    GroupLog first = settledMember();
    GroupLog second = member("second", LONG);
    publish(channel, "{\"n\":1}");
    GroupLog.Entry one = taken(first, null);
    publish(channel, "{\"n\":2}");
    taken(second, null);

    first.leave(handled(one));
    second.leave(null);

    assertThat(consumersNamed("node:")).contains("node:second").doesNotContain("node:first");
  }

  @Tag("G10.11")
  @Test
  void serverBeforeRedis62_isRefusedByVersion() {
    TestRedis old = ownRedis(TestRedis.started("rename-command XAUTOCLAIM \"\""));
    Channel ofOld = channel(factory(old, configuration -> {}), settings(name, List.of()));
    ofOld.log().tip();

    assertThatThrownBy(() -> member(ofOld, "first", LONG).take(null))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("needs Redis 6.2 or newer");
  }

  @Tag("G10.11")
  @Test
  void theRightsThatTheRefusalNames_areEnough() {
    String[] ofChannel = {
      "~" + logKey(),
      "&" + name,
      "+eval",
      "+evalsha",
      "+xadd",
      "+xdel",
      "+xlen",
      "+xrange",
      "+xrevrange",
      "+xtrim",
      "+expire",
      "+info",
      "+publish",
      "+subscribe",
      "+psubscribe",
      "+ping"
    };
    GroupLog refused = member(channel(user(ofChannel)), "first", LONG);
    String message =
        requireNonNull(
            catchThrowableOfType(ChannelException.class, () -> refused.take(null)).getMessage());
    String remedy = message.substring(message.indexOf("~{"));

    String[] rules = (String.join(" ", ofChannel) + " " + remedy).split(" ", -1);
    GroupLog member = member(channel(user(rules)), "second", LONG);
    GroupLog.Entry told = taken(member, null);
    member.keep(told, "broken");
    member.take(failed(told));
    member.leave(null);

    assertThat(told.everything()).isTrue();
  }

  @Test
  void position_ofTheTip_isNotTouchedByMembersThatOnlyRead() {
    GroupLog member = settledMember();
    Position tip = channel.log().tip().position();

    member.take(null);
    member("second", LONG).take(null);

    assertThat(channel.log().tip().position()).isEqualTo(tip);
  }
}
