package io.github.cacheinvalidation.servers;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.TestSentinels;
import java.util.List;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A master, its replica and three Sentinels. The replica becomes the master. */
final class Sentinels extends Arrangement {

  private final Topology topology;

  private final TestSentinels sentinels;

  Sentinels(ServerProgram program, Topology topology) {
    this.topology = topology;
    this.sentinels = TestSentinels.started(program);
  }

  @Override
  List<TestRedis> servers() {
    return sentinels.servers();
  }

  @Override
  ApplicationContextRunner configure(ApplicationContextRunner application) {
    return application.withPropertyValues(
        "spring.data.redis.sentinel.master=" + TestSentinels.MASTER,
        "spring.data.redis.sentinel.nodes=" + String.join(",", sentinels.addresses()));
  }

  @Override
  void happen(Fleet fleet) {
    TestRedis master = sentinels.master();
    switch (topology) {
      case SENTINEL_FAILOVER -> sentinels.failOver();
      case SENTINEL_MASTER_KILLED -> master.stop();
      default -> master.pause();
    }
    fleet.write(fleet.first);
    await().atMost(Fleet.PATIENCE).until(() -> sentinels.master() != master);
    fleet.awaitCoherent(fleet.second);
    fleet.assertCoherent();
  }

  @Override
  boolean mayLoseMessages() {
    return true;
  }

  @Override
  public void close() {
    sentinels.close();
  }
}
