package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    RedisClient single = new AsynchronousClient(resources);
    single.setOptions(options);
    List<RedisURI> seeds = settings.servers();
    ClusterClient client =
        new ClusterClient(
            resources, seeds, LettuceSettings.forCluster(options), new ClusterState(single, seeds));
    return new ToCluster(client, single);
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
   * Connects to a cluster. Each connection asks for the state of the cluster anew: a connection is
   * replaced after a failure, and then another server may be the master. The client would do that
   * by itself only after reconnects, which are off.
   *
   * @param single connects to one server of the cluster
   */
  record ToCluster(ClusterClient client, RedisClient single) implements Connector {

    @Override
    public LettuceConnection connect() {
      client.refreshPartitions();
      return new LettuceConnection(client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToSubscribe() {
      client.refreshPartitions();
      return client.connectPubSub(ByteArrayCodec.INSTANCE);
    }

    /** Only that server takes the subscription. It ends it when the slot moves. */
    @Override
    public StatefulRedisPubSubConnection<byte[], byte[]> connectToShard(byte[] channel) {
      client.refreshPartitions();
      RedisClusterNode owner = client.getPartitions().getMasterBySlot(SlotHash.getSlot(channel));
      if (owner == null) {
        throw new ChannelException("no server of the cluster has the slot of the channel", null);
      }
      return single.connectPubSub(ByteArrayCodec.INSTANCE, owner.getUri());
    }

    @Override
    public void shutdown(Duration longest) {
      client.endRefreshes(longest);
      single.shutdown(0, longest.toMillis(), TimeUnit.MILLISECONDS);
      client.shutdown(0, longest.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
