package io.github.cacheinvalidation.servers;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A master that must have a replica to accept writes, and loses it. */
final class IsolatedMaster extends Arrangement {

  private static final String DEAD_PORT = "1";

  private final TestRedis master;

  private final TestRedis replica;

  IsolatedMaster(ServerProgram program) {
    this.master = TestRedis.started(program, "min-replicas-to-write 1");
    this.replica = TestRedis.started(program);
    follow();
  }

  private void follow() {
    replica.command("REPLICAOF", master.host(), String.valueOf(master.port()));
    await()
        .atMost(Fleet.PATIENCE)
        .until(
            () ->
                master.infoOf("replication", "min_slaves_good_slaves").equals("1")
                    && replica.infoOf("replication", "master_link_status").equals("up"));
  }

  @Override
  List<TestRedis> servers() {
    return List.of(master);
  }

  @Override
  ApplicationContextRunner configure(ApplicationContextRunner application) {
    return application.withPropertyValues(
        "spring.data.redis.host=" + master.host(), "spring.data.redis.port=" + master.port());
  }

  /** The master refuses publications and checks, so its nodes know that they are not confirmed. */
  @Override
  void happen(Fleet fleet) {
    replica.command("REPLICAOF", replica.host(), DEAD_PORT);
    fleet.write(fleet.first);
    await()
        .atMost(Fleet.PATIENCE)
        .until(
            () ->
                Fleet.observer(fleet.first).publicationsFailed.get() > 0
                    && Fleet.observer(fleet.second).checksFailed.get() > 0);
    follow();
    fleet.awaitCoherent(fleet.second);
    fleet.assertCoherent();
  }

  @Override
  boolean mayLoseMessages() {
    return true;
  }

  @Override
  public void close() {
    replica.close();
    master.close();
  }
}
