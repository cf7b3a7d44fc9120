package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/** Our nodes, with the default settings or with {@code await}. */
final class OurReplicas implements Replicas {

  private final Freshness source;
  private final List<OurNode> nodes = new ArrayList<>();

  OurReplicas(Server server, Freshness source, int nodes, IntUnaryOperator ports, boolean await) {
    this.source = source;
    String channel = "staleness-" + UUID.randomUUID();
    OutboxSettings defaults = OutboxSettings.defaults();
    OutboxSettings outbox =
        new OutboxSettings(
            await, defaults.timeout(), defaults.maxBatchKeys(), defaults.maxPendingKeys());
    for (int i = 0; i < nodes; i++) {
      this.nodes.add(
          new OurNode(
              "node-" + i,
              OurNode.redis(server.connectionFactory(ports.applyAsInt(i)), channel),
              SPEC,
              outbox));
    }
  }

  @Override
  public long read(int node, int key) {
    Long value = nodes.get(node).cache().get(key, () -> source.load(key));
    return value;
  }

  /** A write whose message was not accepted in time is still valid, and is published later. */
  @Override
  public void written(int node, int key) {
    try {
      nodes.get(node).cache().evict(key);
    } catch (NotPublishedException later) {
      System.err.println(later.getMessage());
    }
  }

  @Override
  public void requireCalm() {
    nodes.forEach(node -> node.watch().requireValid());
  }

  @Override
  public void close() {
    nodes.forEach(OurNode::close);
  }
}
