package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** The members of a group over Redis with one client. */
abstract class RedisGroupFixture extends RedisChannelFixture {

  static final Duration BACK_OFF = Duration.ofMillis(40);

  static final Duration LONG = Duration.ofMinutes(1);

  static final String GROUP = "search";

  Channel channel;

  RedisGroupFixture(TestRedis shared, Client client) {
    super(shared, client, FeedKind.PUBSUB);
  }

  @BeforeEach
  void open() {
    channel = channel();
    channel.log().tip();
  }

  GroupLog member(String memberName, Duration claimIdleTime) {
    return member(channel, memberName, claimIdleTime);
  }

  static GroupLog member(Channel channel, String memberName, Duration claimIdleTime) {
    return requireNonNull(
        channel.groupLog(new GroupMember(GROUP, memberName, BACK_OFF, BACK_OFF, claimIdleTime, 2)));
  }

  /** Returns a member of a group that was told before that everything may have changed. */
  GroupLog settledMember() {
    GroupLog member = member("first", LONG);
    GroupLog.Entry told = taken(member, null);
    assertThat(told.everything()).isTrue();
    assertThat(member.take(handled(told)).entry()).isNull();
    return member;
  }

  static GroupLog.Entry taken(GroupLog member, GroupLog.@Nullable Finished finished) {
    return requireNonNull(member.take(finished).entry());
  }

  static GroupLog.Entry awaitTaken(GroupLog member) {
    return requireNonNull(
        await().atMost(LONG).until(() -> member.take(null).entry(), entry -> entry != null));
  }

  static GroupLog.Finished handled(GroupLog.Entry entry) {
    return new GroupLog.Finished(entry.id(), true);
  }

  static GroupLog.Finished failed(GroupLog.Entry entry) {
    return new GroupLog.Finished(entry.id(), false);
  }

  static String body(GroupLog.Entry entry) {
    return new String(entry.body(), UTF_8);
  }

  List<?> consumers() {
    return (List<?>) shared.command("XINFO", "CONSUMERS", logKey(), GROUP);
  }

  String consumersNamed(String prefix) {
    return String.valueOf(
        consumers().stream().filter(each -> each.toString().contains(prefix)).toList());
  }
}
