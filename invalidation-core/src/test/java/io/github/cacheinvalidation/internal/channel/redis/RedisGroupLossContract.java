package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a group is told that everything may have changed, with every client. */
@Tag("G10")
abstract class RedisGroupLossContract extends RedisGroupFixture {

  RedisGroupLossContract(TestRedis shared, Client client) {
    super(shared, client);
  }

  @Tag("G10.6")
  @Test
  void logTrimmedBeyondTheGroup_tellsItOnce() {
    GroupLog first = settledMember();
    GroupLog second = member("second", LONG);
    publish(channel, "{\"n\":1}");
    publish(channel, "{\"n\":2}");
    shared.command("XTRIM", logKey(), "MAXLEN", "1");

    GroupLog.Entry left = taken(first, null);
    GroupLog.Entry told = taken(second, null);

    assertThat(body(left)).isEqualTo("{\"n\":2}");
    assertThat(told.everything()).isTrue();
    assertThat(first.take(handled(left)).entry()).isNull();
    assertThat(second.take(handled(told)).entry()).isNull();
  }

  @Tag("G10.6")
  @Test
  void failedMessageThatWasTrimmed_tellsTheGroup() {
    GroupLog member = settledMember();
    publish(channel, "{\"n\":1}");
    GroupLog.Entry attempt = taken(member, null);
    member.take(failed(attempt));
    shared.command("XDEL", logKey(), attempt.id());

    assertThat(awaitTaken(member).everything()).isTrue();
  }

  @Tag("G10.6")
  @Test
  void runningMessageThatWasTrimmed_tellsTheGroupIfItFails() {
    GroupLog member = settledMember();
    publish(channel, "{\"n\":1}");
    GroupLog.Entry attempt = taken(member, null);
    shared.command("XDEL", logKey(), attempt.id());

    assertThat(taken(member, failed(attempt)).everything()).isTrue();
  }

  @Tag("G10.7")
  @Test
  void groupThatWasDestroyed_isMadeAgainAndTold() {
    GroupLog member = settledMember();
    shared.command("XGROUP", "DESTROY", logKey(), GROUP);

    assertThat(taken(member, null).everything()).isTrue();
  }

  @Tag("G10.7")
  @Test
  void logThatWasDeleted_isWaitedForAndThenTold() {
    GroupLog member = settledMember();
    shared.command("DEL", logKey());
    assertThat(member.take(null).entry()).isNull();
    assertThat(shared.command("EXISTS", logKey())).isEqualTo("0");

    channel.log().tip();

    assertThat(taken(member, null).everything()).isTrue();
  }

  @Tag("G10.8")
  @Test
  void anotherServer_tellsTheGroupOnce() {
    settledMember();
    String server =
        "server:"
            + shared.infoOf("server", "run_id")
            + "/"
            + shared.infoOf("replication", "master_replid");
    assertThat(consumersNamed(server)).contains(server);
    shared.command("XGROUP", "DELCONSUMER", logKey(), GROUP, server);
    shared.command("XGROUP", "CREATECONSUMER", logKey(), GROUP, "server:other");

    GroupLog second = member("second", LONG);
    GroupLog.Entry told = taken(second, null);

    assertThat(told.everything()).isTrue();
    assertThat(second.take(handled(told)).entry()).isNull();
    assertThat(member("third", LONG).take(null).entry()).isNull();
    assertThat(consumersNamed("server:")).contains(server).doesNotContain("other");
  }

  @Test
  void whatTellsTheGroup_isAnEmptyMessageOfTheChain() {
    RecordingSubscriber subscriber = subscribe(channel);
    Tip before = channel.log().tip();

    taken(member("first", LONG), null);
    Tip after = channel.log().tip();

    Heard heard = subscriber.await(1).get(0);
    assertThat(heard.position()).isEqualTo(after.position()).isNotEqualTo(before.position());
    assertThat(channel.log().read(before.position(), 10).entries())
        .extracting(entry -> new String(entry.body(), UTF_8))
        .containsExactly("{}", "{}");
    publish(channel, "{\"n\":1}");
    assertThat(subscriber.await(2).get(1).predecessor()).isEqualTo(after.position().toString());
  }
}
