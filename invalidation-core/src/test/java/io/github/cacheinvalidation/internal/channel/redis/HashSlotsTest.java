package io.github.cacheinvalidation.internal.channel.redis;

import static io.github.cacheinvalidation.internal.channel.redis.MonitoredCalls.shardChannels;
import static io.github.cacheinvalidation.internal.channel.redis.RedisChannelFixture.publish;
import static io.github.cacheinvalidation.internal.channel.redis.RedisChannelFixture.subscribe;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which keys the commands and scripts of a channel name. A Redis Cluster answers {@code CROSSSLOT}
 * to a call whose keys have several slots, and {@code TRYAGAIN} to a call with several keys whose
 * slot is moving. A call with one key gets neither.
 */
class HashSlotsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final String HIGHEST_ID = "18446744073709551615-18446744073709551615";

  @ParameterizedTest
  @EnumSource
  void eachCall_namesOneKey_andOnlyShardChannelsOfItsSlot(FeedKind feed) throws Exception {
    try (TestRedis redis = TestRedis.started();
        MonitoredCalls monitored = new MonitoredCalls(redis)) {
      doAll(redis, feed);

      List<MonitoredCalls.Call> calls = monitored.calls();

      Set<String> names = new TreeSet<>();
      Set<String> keys = new TreeSet<>();
      Set<String> shardChannels = new TreeSet<>();
      for (MonitoredCalls.Call call : calls) {
        Set<String> ofCall = monitored.keys(call);
        assertThat(ofCall).as("keys of %s", call).hasSizeLessThan(2);
        Set<Integer> slots = new HashSet<>();
        Stream.concat(ofCall.stream(), shardChannels(call).stream())
            .forEach(each -> slots.add(SlotHash.getSlot(each)));
        assertThat(slots).as("slots of %s", call).hasSizeLessThan(2);
        call.names().forEach(names::add);
        keys.addAll(ofCall);
        shardChannels.addAll(shardChannels(call));
      }
      assertThat(keys)
          .containsExactlyInAnyOrder(
              "{blue}:log", "{blue}:log:cdn:dead", "{red}:log", "{red}:log:cdn:dead");
      assertThat(names)
          .contains("EVALSHA", "EVAL", "XADD", "XRANGE", "XREVRANGE", "XTRIM", "XLEN", "EXPIRE")
          .contains("XREADGROUP", "XACK", "XPENDING", "XCLAIM", "XAUTOCLAIM", "XINFO", "XGROUP")
          .contains(feed == FeedKind.STREAM ? "XREAD" : "PUBSUB")
          .doesNotContain("MULTI");
      assertThat(shardChannels.isEmpty()).isEqualTo(feed != FeedKind.SHARDED_PUBSUB);
    }
  }

  /** Everything that nodes do with a channel and its cache channel. */
  private static void doAll(TestRedis redis, FeedKind feed) throws Exception {
    RedisChannelSettings settings =
        new RedisChannelSettings("red", "node", 100, 10, List.of(), TIMEOUT)
            .withFeed(feed)
            .withCacheChannels(List.of("blue"));
    try (Channel channel = SpringDataChannel.open(redis.lettuce(), settings)) {
      List<Channel> both = new ArrayList<>(List.of(channel));
      both.addAll(channel.cacheChannels().values());
      for (Channel each : both) {
        each.log().tip();
        RecordingSubscriber subscriber = subscribe(each);
        publish(each, "{\"n\":1}");
        publishDirectly(each);
        subscriber.await(2);
        each.log().read(each.log().tip().position(), 10);
        redis.command("XADD", "{" + each.name() + "}:log", HIGHEST_ID, "m", "{}");
        publish(each, "{\"n\":3}");
        requireNonNull(each.inspection()).audience();
        requireNonNull(each.inspection()).since(Instant.EPOCH, 10);
        workInAGroup(each);
      }
    }
  }

  private static void publishDirectly(Channel channel) throws Exception {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    Publication publication =
        new Publication("nonce", "{\"n\":2}".getBytes(StandardCharsets.UTF_8));
    boolean begun =
        channel
            .log()
            .tryAppend(
                publication,
                true,
                (ChannelException failure) -> outcome.complete(String.valueOf(failure)));

    assertThat(begun).isTrue();
    assertThat(outcome.get()).isEqualTo("null");
  }

  private static void workInAGroup(Channel channel) throws Exception {
    GroupMember member =
        new GroupMember("cdn", "node", TIMEOUT, TIMEOUT, Duration.ofMinutes(1), 10);
    try (GroupLog group = requireNonNull(channel.groupLog(member))) {
      GroupLog.Entry told = requireNonNull(group.take(null).entry());
      group.keep(told, "broken");
      group.take(new GroupLog.Finished(told.id(), false));
      publish(channel, "{\"n\":4}");
      GroupLog.Entry next = requireNonNull(group.take(null).entry());
      group.leave(new GroupLog.Finished(next.id(), true));
    }
  }
}
