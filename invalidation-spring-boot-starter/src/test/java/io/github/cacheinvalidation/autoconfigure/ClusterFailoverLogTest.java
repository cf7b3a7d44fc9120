package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * What an operator reads when a master of a Redis Cluster is killed, and how long the nodes need.
 * The settings are those that Spring Boot and the starter have by default.
 */
@Tag("G3")
class ClusterFailoverLogTest {

  private static final String LOG = "{cache:invalidate}:log";

  private final Map<Integer, String> database = Shop.database();

  @Tag("G3.26")
  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void masterThatIsKilled_isAtMostOneWarningOfEachNode(String client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory);
        Logged logged = new Logged()) {
      ApplicationContextRunner application =
          Shop.in(Applications.plain(), database)
              .withPropertyValues(
                  "invalidation.check-interval=1s",
                  "invalidation.max-staleness=10s",
                  "spring.data.redis.client-type=" + client,
                  "spring.data.redis.cluster.nodes=" + String.join(",", cluster.addresses()));
      application
          .withPropertyValues("invalidation.node-name=writer")
          .run(
              writer ->
                  application
                      .withPropertyValues("invalidation.node-name=reader")
                      .run(reader -> assertHeals(client, cluster, writer, reader)));

      for (String node : List.of("writer", "reader")) {
        assertThat(logged.warnings())
            .as("warnings of %s, which may not notice a quick failover", node)
            .filteredOn(line -> line.contains("[node " + node + ","))
            .hasSizeLessThan(2)
            .allMatch(line -> line.contains("Cut off from the channel"));
      }
      assertThat(logged.warnings())
          .as("warnings of Lettuce")
          .filteredOn(line -> line.startsWith("io.lettuce"))
          .hasSizeLessThan(2);
    }
  }

  private static void assertHeals(
      String client, TestCluster cluster, ApplicationContext writer, ApplicationContext reader) {
    Watch.awaitJoined(writer);
    Watch.awaitJoined(reader);
    assertThat(Shop.of(reader).read(1)).isEqualTo("old");

    TestRedis master = cluster.masterOf(LOG);
    master.stop();
    Shop.of(writer).write(1, "new");
    patiently().until(() -> cluster.masterOf(LOG) != master);
    long promoted = System.nanoTime();

    patiently().until(() -> node(writer).pendingKeys() == 0);
    patiently().until(() -> Shop.of(reader).read(1).equals("new"));
    double heard = secondsSince(promoted);
    for (ApplicationContext node : List.of(writer, reader)) {
      patiently().until(() -> node(node).status().state() == NodeStatus.State.COHERENT);
    }
    System.out.printf(
        "Cluster failover, %s: the write was heard %.1f s after the promotion, both nodes were"
            + " coherent after %.1f s%n",
        client, heard, secondsSince(promoted));
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  private static DefaultInvalidationNode node(ApplicationContext context) {
    return (DefaultInvalidationNode) context.getBean(InvalidationNode.class);
  }
}
