package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import java.util.List;
import java.util.UUID;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A transport over Redis and its client, and the same by hand. */
enum Transport {
  PUBSUB("pubsub", FeedKind.PUBSUB),
  SHARDED_PUBSUB("sharded-pubsub", FeedKind.SHARDED_PUBSUB),
  STREAM("stream", FeedKind.STREAM),
  JEDIS("pubsub over Jedis", FeedKind.PUBSUB);

  /** Those over Lettuce, the client that Spring Boot includes. */
  static final List<Transport> OVER_LETTUCE = List.of(PUBSUB, SHARDED_PUBSUB, STREAM);

  private final String label;
  private final FeedKind feed;

  Transport(String label, FeedKind feed) {
    this.label = label;
    this.feed = feed;
  }

  /** Returns the name of the transport in the table. */
  String label() {
    return label;
  }

  /** Creates a writer and receivers with the default settings, each with a client of its own. */
  OurFleet ours(Server server, int receivers) {
    String channel = OurFleet.PREFIX + UUID.randomUUID();
    return new OurFleet("ours", () -> open(server, channel), receivers);
  }

  /** Creates a node with the default settings. */
  OurNode node(Server server, String name, String channel) {
    return new OurNode(name, () -> open(server, channel));
  }

  private Channel open(Server server, String channel) {
    RedisConnectionFactory factory =
        this == JEDIS ? server.jedisFactory() : server.connectionFactory();
    return OurNode.redis(factory, channel, feed).open();
  }

  /** Creates the same by hand, without receivers. */
  RawWire raw(Server server) {
    return switch (this) {
      case PUBSUB -> new RawPubSub(server, false);
      case SHARDED_PUBSUB -> new RawPubSub(server, true);
      case STREAM -> new RawStream(server);
      case JEDIS -> new RawJedis(server);
    };
  }
}
