package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The channel over Redis with Lettuce. */
@Tag("G3")
class LettuceRedisChannelTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TestRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  /** The contract of every channel. */
  @Nested
  class AnyChannel extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(redis.lettuce(), channelName);
    }
  }

  @Nested
  class Inspections extends RedisInspectionContract {

    Inspections() {
      super(redis, TestRedis::lettuce);
    }
  }

  @Nested
  class Log extends RedisLogContract {

    Log() {
      super(redis, TestRedis::lettuce);
    }
  }

  @Nested
  class Refusals extends RedisRefusalsContract {

    Refusals() {
      super(redis, TestRedis::lettuce);
    }
  }

  @Nested
  class Groups extends RedisGroupContract {

    Groups() {
      super(redis, TestRedis::lettuce);
    }
  }

  @Nested
  class GroupLosses extends RedisGroupLossContract {

    GroupLosses() {
      super(redis, TestRedis::lettuce);
    }
  }

  @Nested
  class Connections extends RedisConnectionsContract {

    Connections() {
      super(redis, TestRedis::lettuce);
    }
  }

  private static Channel open(LettuceConnectionFactory application, String name) {
    return SpringDataChannel.open(
        application,
        new RedisChannelSettings(name, "node", 100, 1 << 20, List.of(), Duration.ofSeconds(2)));
  }

  private static Publication publication(String nonce, String body) {
    return new Publication(nonce, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes without waiting; completes with null if it was accepted. */
  private static CompletableFuture<@Nullable ChannelException> begin(
      Channel channel, Publication publication, boolean ahead) {
    CompletableFuture<@Nullable ChannelException> outcome = new CompletableFuture<>();
    assertThat(channel.log().tryAppend(publication, ahead, outcome::complete)).isTrue();
    return outcome;
  }

  @Test
  void beforeThereIsAConnection_nothingCanBeBegun() {
    withChannel(
        (redis, channel) -> {
          assertThat(channel.log().tryAppend(publication("n1", "{\"n\":1}"), true, failure -> {}))
              .isFalse();
          assertThat(channel.log().tryExecute(() -> {})).isFalse();
        });
  }

  @Test
  void aTask_isRunByTheThreadOfTheConnections() {
    withChannel(
        (redis, channel) -> {
          RecordingSubscriber subscriber = new RecordingSubscriber();
          channel.feed().subscribe(subscriber);
          subscriber.awaitSubscribed();
          channel.log().append(publication("n1", "{\"n\":1}"));
          CompletableFuture<String> thread = new CompletableFuture<>();

          assertThat(
                  channel.log().tryExecute(() -> thread.complete(Thread.currentThread().getName())))
              .isTrue();

          assertThat(thread)
              .succeedsWithin(PATIENCE)
              .isEqualTo(subscriber.await(1).get(0).thread());
          channel.close();
          assertThat(channel.log().tryExecute(() -> {})).isFalse();
        });
  }

  @Test
  void aPublicationThatHasBegun_isTheSameAsOneThatIsWaitedFor() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          RecordingSubscriber subscriber = new RecordingSubscriber();
          channel.feed().subscribe(subscriber);
          subscriber.awaitSubscribed();

          assertThat(begin(channel, publication("n2", "{\"n\":2}"), false))
              .succeedsWithin(PATIENCE)
              .isNull();

          Heard delivery = subscriber.await(1).get(0);
          assertThat(delivery.body()).isEqualTo("{\"n\":2}");
          assertThat(channel.log().tip().position().nonce()).isEqualTo("n2");
        });
  }

  @Test
  void aPublicationToldAhead_arrivesTwiceTheFirstTimeWithoutAPosition() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          RecordingSubscriber subscriber = new RecordingSubscriber();
          channel.feed().subscribe(subscriber);
          subscriber.awaitSubscribed();

          assertThat(begin(channel, publication("n2", "{\"n\":2}"), true))
              .succeedsWithin(PATIENCE)
              .isNull();

          List<Heard> heard = subscriber.await(2);
          assertThat(heard).extracting(Heard::body).containsOnly("{\"n\":2}");
          assertThat(heard.get(0).delivery().ahead()).isEqualTo("n2");
          assertThat(heard.get(0).delivery().position()).isNull();
          assertThat(heard.get(1).delivery().ahead()).isNull();
          assertThat(heard.get(1).position()).isEqualTo(channel.log().tip().position());
        });
  }

  @Test
  void aLongPublication_isNotToldAhead() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          RecordingSubscriber subscriber = new RecordingSubscriber();
          channel.feed().subscribe(subscriber);
          subscriber.awaitSubscribed();
          String body = "{\"k\":\"" + "x".repeat(1024) + "\"}";

          assertThat(begin(channel, publication("n2", body), true)).succeedsWithin(PATIENCE);

          assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly(body);
        });
  }

  @Test
  void aScriptThatTheServerHasForgotten_isARefusalAndPublishSendsItAgain() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          redis.command("SCRIPT", "FLUSH");

          assertThat(begin(channel, publication("n2", "{\"n\":2}"), true))
              .succeedsWithin(PATIENCE)
              .isInstanceOf(RefusedException.class);

          channel.log().append(publication("n3", "{\"n\":3}"));
          assertThat(channel.log().tip().position().nonce()).isEqualTo("n3");
        });
  }

  @Test
  void aServerThatDoesNotAnswer_failsThePublication_andTheNextCallConnectsAgain() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          redis.command("CLIENT", "PAUSE", "1500", "ALL");

          CompletableFuture<@Nullable ChannelException> outcome =
              begin(channel, publication("n2", "{\"n\":2}"), true);

          assertThat(outcome)
              .succeedsWithin(PATIENCE)
              .isInstanceOf(ChannelException.class)
              .isNotInstanceOf(RefusedException.class);
          await()
              .atMost(PATIENCE)
              .ignoreExceptions()
              .until(
                  () -> {
                    channel.log().append(publication("n3", "{\"n\":3}"));
                    return true;
                  });
        });
  }

  @Test
  void aClosedChannel_failsThePublicationInFlight() {
    withChannel(
        (redis, channel) -> {
          channel.log().append(publication("n1", "{\"n\":1}"));
          redis.command("CLIENT", "PAUSE", "1000", "ALL");
          CompletableFuture<@Nullable ChannelException> outcome =
              begin(channel, publication("n2", "{\"n\":2}"), true);

          channel.close();

          assertThat(outcome).succeedsWithin(PATIENCE).isNotNull();
        });
  }

  @Tag("G9.6")
  @Test
  void theApplicationsResources_surviveTheChannel() {
    try (TestRedis redis = TestRedis.started()) {
      ClientResources resources = ClientResources.create();
      LettuceConnectionFactory application =
          new LettuceConnectionFactory(
              new RedisStandaloneConfiguration(redis.host(), redis.port()),
              LettuceClientConfiguration.builder().clientResources(resources).build());
      application.start();
      Channel channel = open(application, "resources");
      channel.log().tip();
      channel.feed().subscribe(new RecordingSubscriber());

      channel.close();

      assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
      resources.timer().newTimeout(timeout -> {}, 1, TimeUnit.MILLISECONDS);
      try (RedisConnection connection = application.getConnection()) {
        assertThat(connection.ping()).isEqualTo("PONG");
      }
      application.destroy();
      resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private interface Use {
    void with(TestRedis redis, Channel channel) throws Exception;
  }

  private static void withChannel(Use use) {
    try (TestRedis redis = TestRedis.started()) {
      LettuceConnectionFactory application =
          new LettuceConnectionFactory(redis.host(), redis.port());
      Channel channel =
          SpringDataChannel.open(
              application,
              new RedisChannelSettings(
                  "express", "node", 100, 1 << 20, List.of(), Duration.ofMillis(500)));
      try {
        use.with(redis, channel);
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      } finally {
        channel.close();
      }
    }
  }

  @Test
  void aChannelWithThreadsOfItsOwn_leavesNone() {
    try (TestRedis redis = TestRedis.started()) {
      LettuceConnectionFactory application =
          new LettuceConnectionFactory(redis.host(), redis.port());
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      Channel channel =
          SpringDataChannel.open(
              application,
              new RedisChannelSettings("threads", "node", 1, 1, List.of(), Duration.ofSeconds(2)));
      channel.feed().subscribe(new RecordingSubscriber());
      channel.log().tip();

      channel.close();

      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .filter(thread -> !before.contains(thread))
                      .map(Thread::getName)
                      .noneMatch(
                          name ->
                              name.startsWith("lettuce-")
                                  || name.startsWith("cache-invalidation-")));
    }
  }
}
