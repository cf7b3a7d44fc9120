package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects with one of the two clients of Lettuce. */
sealed interface Connector {

  /** Returns a new connection. Waits. */
  LettuceConnection connect();

  /** Returns a new connection that can subscribe. Waits. */
  StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe();

  AbstractRedisClient client();

  static Connector of(LettuceSettings settings, ClientResources resources, ClientOptions options) {
    if (!settings.cluster()) {
      RedisClient client = RedisClient.create(resources);
      client.setOptions(options);
      return new ToServer(client, settings.servers().get(0));
    }
    RedisClusterClient client = RedisClusterClient.create(resources, settings.servers());
    client.setOptions(LettuceSettings.forCluster(options));
    return new ToCluster(client);
  }

  /** Connects to a server, or to the master that the Sentinels name. */
  record ToServer(RedisClient client, RedisURI server) implements Connector {

    @Override
    public LettuceConnection connect() {
      return new LettuceConnection(client.connect(ByteArrayCodec.INSTANCE, server));
    }

    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe() {
      return client.connectPubSub(ByteArrayCodec.INSTANCE, server);
    }
  }

  /**
   * Connects to a cluster. Each connection after the first asks for the state of the cluster anew:
   * a connection is replaced after a failure, and then another node may be the master. The client
   * would do that by itself only after reconnects, which are off.
   */
  final class ToCluster implements Connector {

    private final RedisClusterClient client;
    private final AtomicBoolean connectedBefore = new AtomicBoolean();

    ToCluster(RedisClusterClient client) {
      this.client = client;
    }

    @Override
    public RedisClusterClient client() {
      return client;
    }

    @Override
    public LettuceConnection connect() {
      refresh();
      return new LettuceConnection(client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe() {
      refresh();
      return client.connectPubSub(ByteArrayCodec.INSTANCE);
    }

    private void refresh() {
      if (connectedBefore.getAndSet(true)) {
        client.refreshPartitions();
      }
    }
  }
}
