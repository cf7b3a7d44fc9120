package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects with one of the two clients of Lettuce. */
sealed interface Connector {

  /** Returns a new connection. Waits. */
  LettuceConnection connect();

  /** Returns a new connection that can subscribe. Waits. */
  StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe();

  /** Returns a new connection to the server that has the slot of a shard channel. Waits. */
  StatefulRedisPubSubConnection<byte[], byte[]> connectToShard(byte[] channel);

  /** Closes all connections. */
  void shutdown(Duration longest);

  static Connector of(LettuceSettings settings, ClientResources resources, ClientOptions options) {
    if (!settings.cluster()) {
      RedisClient client = new AsynchronousClient(resources);
      client.setOptions(options);
      return new ToServer(client, settings.servers().get(0));
    }
    RedisClusterClient client = RedisClusterClient.create(resources, settings.servers());
    client.setOptions(LettuceSettings.forCluster(options));
    RedisClient single = new AsynchronousClient(resources);
    single.setOptions(options);
    return new ToCluster(client, single, settings.servers().get(0));
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

    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToShard(byte[] channel) {
      return connectToSubscribe();
    }

    @Override
    public void shutdown(Duration longest) {
      client.shutdown(0, longest.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Connects to a cluster. Each connection after the first asks for the state of the cluster anew:
   * a connection is replaced after a failure, and then another node may be the master. The client
   * would do that by itself only after reconnects, which are off.
   */
  final class ToCluster implements Connector {

    private final RedisClusterClient client;
    private final RedisClient single;
    private final RedisURI server;
    private final AtomicBoolean connectedBefore = new AtomicBoolean();

    /**
     * Creates a connector.
     *
     * @param single connects to one server of the cluster
     * @param server one of the servers; the others have the same credentials and encryption
     */
    ToCluster(RedisClusterClient client, RedisClient single, RedisURI server) {
      this.client = client;
      this.single = single;
      this.server = server;
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

    /** Only that server takes the subscription. It ends it when the slot moves. */
    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToShard(byte[] channel) {
      refresh();
      RedisClusterNode owner = client.getPartitions().getMasterBySlot(SlotHash.getSlot(channel));
      if (owner == null) {
        throw new ChannelException("no server of the cluster has the slot of the channel", null);
      }
      RedisURI master = owner.getUri();
      return single.connectPubSub(
          ByteArrayCodec.INSTANCE,
          RedisURI.builder(server).withHost(master.getHost()).withPort(master.getPort()).build());
    }

    @Override
    public void shutdown(Duration longest) {
      single.shutdown(0, longest.toMillis(), TimeUnit.MILLISECONDS);
      client.shutdown(0, longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refresh() {
      if (connectedBefore.getAndSet(true)) {
        client.refreshPartitions();
      }
    }
  }
}
