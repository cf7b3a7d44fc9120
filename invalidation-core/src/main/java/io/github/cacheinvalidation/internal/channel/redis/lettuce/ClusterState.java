package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrors;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the servers of a cluster for its state, one after the other until one answers. Lettuce
 * itself asks all of them, and logs a warning for each one that it cannot reach. Thread-safe.
 *
 * <p>A server that failed is asked after all others, and so is one of which the masters have agreed
 * that it failed. One that answered is asked after those that answered earlier: a server that is
 * cut off from the cluster has an old state, takes the others for dead, and must not be the only
 * source. So a server that failed takes its turn again once another one says that it works.
 *
 * <p>A server is asked by the address that the cluster tells. A seed may be a host name of such a
 * server, so once the addresses are known, the seeds are asked only after all of them.
 */
final class ClusterState {

  private static final Logger logger = LoggerFactory.getLogger(ClusterState.class);

  private static final Set<NodeFlag> DOUBTFUL =
      Set.of(NodeFlag.FAIL, NodeFlag.EVENTUAL_FAIL, NodeFlag.HANDSHAKE);

  private final RedisClient client;
  private final List<RedisURI> seeds;
  private final Set<RedisURI> answering = new LinkedHashSet<>();
  private final Set<RedisURI> failing = new LinkedHashSet<>();

  /**
   * Asks nobody yet.
   *
   * @param client connects to one server
   * @param seeds servers to begin with; the others have the same credentials and encryption
   */
  ClusterState(RedisClient client, List<RedisURI> seeds) {
    this.client = client;
    this.seeds = seeds;
    answering.addAll(shuffled(seeds)); // the nodes of an application spread over the servers
  }

  private static <T> List<T> shuffled(Iterable<T> elements) {
    List<T> shuffled = new ArrayList<>();
    elements.forEach(shuffled::add);
    Collections.shuffle(shuffled);
    return shuffled;
  }

  /**
   * Returns the servers of the cluster, as one of them sees it: that one first, and last those that
   * seem to have failed. Waits.
   *
   * @throws ChannelException if none answers
   */
  List<RedisClusterNode> ask() {
    RedisException reason = null;
    for (RedisURI server : order()) {
      try {
        List<RedisClusterNode> nodes = ask(server);
        return answered(server, nodes);
      } catch (RedisException failure) {
        logger.debug("{} does not tell the state of the cluster", server, failure);
        failed(server);
        reason = moreTelling(reason, failure);
      }
    }
    throw new ChannelException("no server of the cluster tells its state", reason);
  }

  private synchronized List<RedisURI> order() {
    List<RedisURI> order = new ArrayList<>(answering);
    order.addAll(failing);
    seeds.stream().filter(seed -> !order.contains(seed)).forEach(order::add);
    return order;
  }

  private List<RedisClusterNode> ask(RedisURI server) {
    try (StatefulRedisConnection<byte[], byte[]> wire =
        client.connect(ByteArrayCodec.INSTANCE, server)) {
      String answer = LettuceConnection.await(wire, wire.async().clusterNodes());
      List<RedisClusterNode> nodes =
          shuffled(ClusterPartitionParser.parse(answer)).stream()
              .filter(node -> locate(node, server))
              .toList();
      if (nodes.stream().allMatch(node -> node.getSlots().isEmpty())) {
        throw new RedisException(
            server.getHost() + ":" + server.getPort() + " knows no server that has a slot");
      }
      return nodes;
    }
  }

  /** Sets how to connect to a node. Returns false if its address is not known. */
  private static boolean locate(RedisClusterNode node, RedisURI asked) {
    RedisURI address = node.getUri();
    if (address == null) {
      if (node.is(NodeFlag.MYSELF)) { // a server may not know its own address
        node.setUri(asked);
      }
      return node.is(NodeFlag.MYSELF);
    }
    if (node.is(NodeFlag.NOADDR) || address.getPort() == 0) {
      return false;
    }
    node.setUri(
        RedisURI.builder(asked).withHost(address.getHost()).withPort(address.getPort()).build());
    return true;
  }

  private synchronized List<RedisClusterNode> answered(
      RedisURI server, List<RedisClusterNode> nodes) {
    Set<RedisURI> known = new HashSet<>();
    RedisURI self = server;
    for (RedisClusterNode node : nodes) {
      known.add(node.getUri());
      self = node.is(NodeFlag.MYSELF) ? node.getUri() : self;
      if (node.is(NodeFlag.FAIL)) {
        failed(node.getUri());
      } else if (!failing.contains(node.getUri())) {
        answering.add(node.getUri());
      }
    }
    answering.retainAll(known);
    failing.retainAll(known);
    failing.remove(self);
    answering.remove(self);
    answering.add(self);
    List<RedisClusterNode> sorted =
        nodes.stream().sorted(Comparator.comparing(this::doubts)).toList();
    sorted.forEach(this::allowAnotherTurn);
    return sorted;
  }

  /**
   * A server that failed here, but works as the cluster says, is asked again after all others.
   * Otherwise one server would be the only source in the end, after each other one was restarted.
   */
  private void allowAnotherTurn(RedisClusterNode node) {
    if (Collections.disjoint(node.getFlags(), DOUBTFUL) && failing.remove(node.getUri())) {
      answering.add(node.getUri());
    }
  }

  private int doubts(RedisClusterNode node) {
    if (node.is(NodeFlag.MYSELF)) {
      return 0;
    }
    boolean doubtful =
        failing.contains(node.getUri()) || !Collections.disjoint(node.getFlags(), DOUBTFUL);
    return doubtful ? 2 : 1;
  }

  private synchronized void failed(RedisURI server) {
    answering.remove(server);
    failing.remove(server);
    failing.add(server);
  }

  /** An answer of a server, such as a refused login, tells more than a server that is down. */
  private static RedisException moreTelling(@Nullable RedisException first, RedisException next) {
    return first == null || (answer(first) == null && answer(next) != null) ? next : first;
  }

  private static @Nullable String answer(RedisException failure) {
    return ServerErrors.messageOf(RedisCommandExecutionException.class, failure);
  }
}
