package io.github.cacheinvalidation.servers;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Three masters with one replica each. The master of the log is replaced by its replica. In an
 * encrypted cluster, a user without the password has not the rights of a node.
 */
final class Cluster extends Arrangement {

  private final TestCluster cluster;

  private final boolean encrypted;

  Cluster(TestCluster cluster, boolean encrypted) {
    this.cluster = cluster;
    this.encrypted = encrypted;
  }

  @Override
  List<TestRedis> servers() {
    return cluster.servers();
  }

  @Override
  ApplicationContextRunner configure(ApplicationContextRunner application) {
    ApplicationContextRunner configured =
        application.withPropertyValues(
            "spring.data.redis.cluster.nodes=" + String.join(",", cluster.addresses()));
    return encrypted
        ? configured.withPropertyValues(
            "spring.data.redis.username=" + TestCluster.USER,
            "spring.data.redis.password=" + TestCluster.PASSWORD,
            "spring.data.redis.ssl.bundle=redis",
            "spring.ssl.bundle.pem.redis.truststore.certificate=" + cluster.certificate())
        : configured;
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
