package io.github.cacheinvalidation.servers;

import static io.github.cacheinvalidation.autoconfigure.Transport.PUBSUB;
import static io.github.cacheinvalidation.autoconfigure.Transport.SHARDED_PUBSUB;
import static io.github.cacheinvalidation.autoconfigure.Transport.STREAM;
import static io.github.cacheinvalidation.servers.Client.JEDIS;
import static io.github.cacheinvalidation.servers.Client.LETTUCE;
import static io.github.cacheinvalidation.servers.Client.LETTUCE_ALONE;
import static io.github.cacheinvalidation.servers.Client.REDISSON;
import static io.github.cacheinvalidation.testing.ServerProgram.REDIS_6_2;
import static io.github.cacheinvalidation.testing.ServerProgram.REDIS_7_0;
import static io.github.cacheinvalidation.testing.ServerProgram.REDIS_8_0;
import static io.github.cacheinvalidation.testing.ServerProgram.VALKEY_8_1;

import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.testing.ServerProgram;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the tests run: not the full product, but each server with each transport that it has, each
 * topology on at least one server, and each client with each transport that it has.
 */
record Combination(ServerProgram server, Topology topology, Transport transport, Client client) {

  private static final List<Combination> ALL =
      List.of(
          on(REDIS_6_2, Topology.STANDALONE, PUBSUB, LETTUCE),
          on(REDIS_6_2, Topology.STANDALONE, STREAM, JEDIS),
          on(REDIS_6_2, Topology.LEAST_RIGHTS, PUBSUB, LETTUCE_ALONE),
          on(REDIS_6_2, Topology.LEAST_RIGHTS, STREAM, LETTUCE),
          on(REDIS_6_2, Topology.MEMORY_FULL, PUBSUB, LETTUCE),
          on(REDIS_6_2, Topology.MEMORY_FULL, STREAM, JEDIS),
          on(REDIS_6_2, Topology.DATABASE_3, PUBSUB, JEDIS),
          on(REDIS_6_2, Topology.SENTINEL_MASTER_KILLED, PUBSUB, JEDIS),
          on(REDIS_6_2, Topology.CLUSTER, STREAM, LETTUCE),
          on(REDIS_7_0, Topology.STANDALONE, SHARDED_PUBSUB, LETTUCE),
          on(REDIS_7_0, Topology.STANDALONE, PUBSUB, REDISSON),
          on(REDIS_7_0, Topology.STANDALONE, STREAM, REDISSON),
          on(REDIS_7_0, Topology.LEAST_RIGHTS, SHARDED_PUBSUB, LETTUCE_ALONE),
          on(REDIS_7_0, Topology.PASSWORD_CHANGED, PUBSUB, LETTUCE),
          on(REDIS_7_0, Topology.PASSWORD_CHANGED, STREAM, JEDIS),
          on(REDIS_7_0, Topology.DATABASE_3, STREAM, LETTUCE_ALONE),
          on(REDIS_7_0, Topology.LEAST_RECENTLY_USED_EVICTED, PUBSUB, LETTUCE),
          on(REDIS_7_0, Topology.SENTINEL_FAILOVER, STREAM, LETTUCE),
          on(REDIS_7_0, Topology.MASTER_ISOLATED, PUBSUB, LETTUCE),
          on(REDIS_7_0, Topology.CLUSTER, SHARDED_PUBSUB, LETTUCE),
          on(REDIS_7_0, Topology.CLUSTER_ENCRYPTED, STREAM, LETTUCE_ALONE),
          on(REDIS_8_0, Topology.STANDALONE, PUBSUB, LETTUCE_ALONE),
          on(REDIS_8_0, Topology.LEAST_RIGHTS, PUBSUB, JEDIS),
          on(REDIS_8_0, Topology.ENCRYPTED, PUBSUB, LETTUCE),
          on(REDIS_8_0, Topology.ENCRYPTED, STREAM, JEDIS),
          on(REDIS_8_0, Topology.ENCRYPTED, SHARDED_PUBSUB, LETTUCE_ALONE),
          on(REDIS_8_0, Topology.UNIX_SOCKET, PUBSUB, LETTUCE),
          on(REDIS_8_0, Topology.MEMORY_FULL, SHARDED_PUBSUB, LETTUCE),
          on(REDIS_8_0, Topology.SENTINEL_MASTER_FROZEN, PUBSUB, LETTUCE_ALONE),
          on(REDIS_8_0, Topology.MASTER_ISOLATED, STREAM, JEDIS),
          on(REDIS_8_0, Topology.CLUSTER, PUBSUB, JEDIS),
          on(REDIS_8_0, Topology.CLUSTER_ENCRYPTED, SHARDED_PUBSUB, LETTUCE),
          on(VALKEY_8_1, Topology.STANDALONE, SHARDED_PUBSUB, LETTUCE_ALONE),
          on(VALKEY_8_1, Topology.STANDALONE, STREAM, JEDIS),
          on(VALKEY_8_1, Topology.ENCRYPTED, PUBSUB, JEDIS),
          on(VALKEY_8_1, Topology.PASSWORD_CHANGED, SHARDED_PUBSUB, LETTUCE),
          on(VALKEY_8_1, Topology.UNIX_SOCKET, STREAM, LETTUCE),
          on(VALKEY_8_1, Topology.MEMORY_FULL, PUBSUB, REDISSON),
          on(VALKEY_8_1, Topology.LEAST_RECENTLY_USED_EVICTED, STREAM, JEDIS),
          on(VALKEY_8_1, Topology.SENTINEL_FAILOVER, SHARDED_PUBSUB, LETTUCE),
          on(VALKEY_8_1, Topology.SENTINEL_MASTER_KILLED, STREAM, LETTUCE_ALONE),
          on(VALKEY_8_1, Topology.CLUSTER, PUBSUB, LETTUCE),
          on(VALKEY_8_1, Topology.CLUSTER_ENCRYPTED, PUBSUB, LETTUCE));

  private static Combination on(
      ServerProgram server, Topology topology, Transport transport, Client client) {
    return new Combination(server, topology, transport, client);
  }

  static Stream<Combination> of(ServerProgram server) {
    return ALL.stream().filter(each -> each.server == server);
  }

  /** Returns a line of the report from which the page is generated. */
  String line() {
    return String.join("\t", topology.toString(), server.toString(), transport.text(), "" + client);
  }

  @Override
  public String toString() {
    return topology + ", " + transport.text() + ", " + client;
  }
}
