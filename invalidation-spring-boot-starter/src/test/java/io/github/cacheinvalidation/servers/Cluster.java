package io.github.cacheinvalidation.servers;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Three masters with one replica each. The master of the log is replaced by its replica. */
final class Cluster extends Arrangement {

  private final TestCluster cluster;

  Cluster(ServerProgram program, Path directory) {
    this.cluster = TestCluster.started(program, directory);
  }

  @Override
  List<TestRedis> servers() {
    return cluster.servers();
  }

  @Override
  ApplicationContextRunner configure(ApplicationContextRunner application) {
    String nodes =
        servers().stream()
            .map(server -> server.host() + ":" + server.port())
            .collect(Collectors.joining(","));
    return application.withPropertyValues("spring.data.redis.cluster.nodes=" + nodes);
  }

  @Override
  void happen(Fleet fleet) {
    String log = "{" + ServersContract.CHANNEL + "}:log";
    TestRedis master = cluster.masterOf(log);
    master.stop();
    fleet.write(fleet.first);
    await().atMost(Fleet.PATIENCE).until(() -> cluster.masterOf(log) != master);
    fleet.awaitCoherent(fleet.second);
    fleet.assertCoherent();
  }

  @Override
  boolean mayLoseMessages() {
    return true;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
