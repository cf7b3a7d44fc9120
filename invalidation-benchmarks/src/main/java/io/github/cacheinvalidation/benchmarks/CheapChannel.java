package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A channel that omits a promise, to measure what the promise costs. Loses messages silently: for
 * benchmarks only.
 */
final class CheapChannel implements Channel, MessageLog, Feed {

  /** The part that is omitted. */
  enum Without {
    /** A plain {@code PUBLISH}: no log for a replay, and so no chain. */
    LOG,
    /**
     * A script that appends and publishes, but neither looks up the predecessor nor counts bytes.
     */
    CHAIN
  }

  private static final String APPEND_AND_PUBLISH =
      """
      local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', '10000', '*', 'm', ARGV[2])
      redis.call('PUBLISH', ARGV[1], ARGV[2])
      return id
      """;

  private final Without without;
  private final byte[] name;
  private final byte[] log;
  private final StatefulRedisConnection<byte[], byte[]> publisher;
  private final StatefulRedisPubSubConnection<byte[], byte[]> subscriber;
  private final String digest;

  CheapChannel(Server server, String name, Without without) {
    this.without = without;
    this.name = name.getBytes(StandardCharsets.UTF_8);
    this.log = (name + ":log").getBytes(StandardCharsets.UTF_8);
    this.publisher = server.connection();
    this.subscriber = server.client().connectPubSub(ByteArrayCodec.INSTANCE);
    this.digest = publisher.sync().scriptLoad(APPEND_AND_PUBLISH);
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public void append(Publication publication) {
    begin(publication).toCompletableFuture().join();
  }

  private CompletionStage<?> begin(Publication publication) {
    byte[] message = publication.body();
    return without == Without.LOG
        ? publisher.async().publish(name, message)
        : publisher
            .async()
            .evalsha(
                digest, ScriptOutputType.VALUE, new byte[][] {log}, new byte[][] {name, message});
  }

  @Override
  public Tip tip() {
    return new Tip(new Position("0-1", "none"), "none", false);
  }

  @Override
  public LogPage read(Position from, int limit) {
    throw new ChannelException("there is no log", null);
  }

  @Override
  public Subscription subscribe(Subscriber listener) {
    subscriber.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] channel, byte[] message) {
            listener.received(Delivery.ofBody(message, false));
          }
        });
    subscriber.sync().subscribe(name);
    listener.subscribed();
    return subscriber::close;
  }

  @Override
  public void close() {
    publisher.close();
    subscriber.close();
  }

  /** Fleets like {@link OurFleet}, over such channels. */
  static List<OurFleet> fleets(Server server, int receivers) {
    return List.of(
        OurFleet.overRedis(server, receivers),
        new OurFleet(
            "no chain", () -> new CheapChannel(server, "no-chain", Without.CHAIN), receivers),
        new OurFleet("no log", () -> new CheapChannel(server, "no-log", Without.LOG), receivers));
  }
}
