package io.github.cacheinvalidation.internal.channel.redis;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** Channels over one Redis with one client, and the users and subscribers that a test needs. */
abstract class RedisChannelFixture {

  static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** The client under test. */
  interface Client {

    /** Returns a connection factory of the application. */
    RedisConnectionFactory factory(
        TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer);
  }

  /** The server of all tests of a class. */
  final TestRedis shared;

  private final Client client;

  /** How the nodes of the test learn of messages. */
  final FeedKind feed;

  final String node = "node-" + UUID.randomUUID();

  final String name = "redis-" + UUID.randomUUID();

  private final List<AutoCloseable> resources = new ArrayList<>();

  RedisChannelFixture(TestRedis shared, Client client, FeedKind feed) {
    this.shared = shared;
    this.client = client;
    this.feed = feed;
  }

  /** Opens a channel that a test closes itself. */
  static Channel open(RedisConnectionFactory factory, String channelName) {
    return open(factory, channelName, FeedKind.PUBSUB);
  }

  static Channel open(RedisConnectionFactory factory, String channelName, FeedKind feed) {
    return SpringDataChannel.open(
        factory,
        new RedisChannelSettings(
                channelName, "node-" + UUID.randomUUID(), 10_000, 64_000_000, List.of(), TIMEOUT)
            .withFeed(feed));
  }

  @AfterEach
  void closeResources() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
    shared.command("CONFIG", "SET", "maxmemory", "0");
  }

  final RedisConnectionFactory factory(
      TestRedis redis, Consumer<RedisStandaloneConfiguration> customizer) {
    return client.factory(redis, customizer);
  }

  RedisChannelSettings settings(String channelName, List<String> subscriptions) {
    return new RedisChannelSettings(channelName, node, 10_000, 64_000_000, subscriptions, TIMEOUT);
  }

  Channel channel(RedisConnectionFactory factory, RedisChannelSettings settings) {
    Channel channel = SpringDataChannel.open(factory, settings.withFeed(feed));
    resources.add(0, channel);
    return channel;
  }

  Channel channel(Consumer<RedisStandaloneConfiguration> customizer) {
    return channel(factory(shared, customizer), settings(name, List.of()));
  }

  Channel channel() {
    return channel(configuration -> {});
  }

  TestRedis ownRedis(TestRedis redis) {
    resources.add(redis);
    return redis;
  }

  static String publish(Channel channel, String body) {
    String nonce = UUID.randomUUID().toString();
    channel.log().append(new Publication(nonce, body.getBytes(StandardCharsets.UTF_8)));
    return nonce;
  }

  /** Kills the connection of the feed. */
  void killFeed() {
    String flag = feed == FeedKind.STREAM ? "b" : "P"; // waiting for an entry, or subscribed
    await().until(() -> shared.killClients("invalidation:" + node, flag) == 1);
  }

  /** Waits for a message with a body. */
  static Heard heard(RecordingSubscriber subscriber, String body) {
    return await()
        .until(
            () ->
                subscriber.deliveries().stream()
                    .filter(each -> each.body().equals(body))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  static RecordingSubscriber subscribe(Channel channel) {
    RecordingSubscriber subscriber = new RecordingSubscriber();
    channel.feed().subscribe(subscriber);
    return subscriber.awaitSubscribed();
  }

  String logKey() {
    return "{" + name + "}:log";
  }

  /** Creates a user and returns a change of a configuration that logs in as that user. */
  Consumer<RedisStandaloneConfiguration> user(String... rules) {
    String user = "user-" + UUID.randomUUID();
    List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", user, "on", ">secret"));
    command.addAll(List.of(rules));
    shared.command(command.toArray(String[]::new));
    return configuration -> {
      configuration.setUsername(user);
      configuration.setPassword("secret");
    };
  }
}
