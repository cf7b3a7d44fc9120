package io.github.cacheinvalidation.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.testing.CountingObserver;
import io.github.cacheinvalidation.testing.ServerProgram;
import io.github.cacheinvalidation.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * The combinations of one server. A write evicts on the other node; a missed message is replayed
 * and nothing is cleared; and the nodes are coherent after what happens to servers of the topology.
 * The combinations that ran are the source of docs/compatibility.md.
 */
@Tag("servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServersContract {

  /** As in docs/configuration.md, from which a test takes the rights of a user. */
  static final String CHANNEL = "cache:invalidate:shop";

  private final ServerProgram program;

  private final List<Combination> ran = new CopyOnWriteArrayList<>();

  private SharedServer shared;

  ServersContract(ServerProgram program) {
    this.program = program;
  }

  @BeforeAll
  void startServer(@TempDir Path directory) throws Exception {
    shared = new SharedServer(program, directory);
  }

  @AfterAll
  void stopServerAndReport() throws IOException {
    shared.close();
    String folder = System.getProperty("servers.report");
    assertThat(folder).as("servers.report, which the profile 'servers' sets").isNotNull();
    Path report = Files.createDirectories(Path.of(folder)).resolve(program.name() + ".txt");
    Files.write(report, ran.stream().map(Combination::line).toList());
  }

  Stream<Combination> combinations() {
    return Combination.of(program);
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void nodes_stayCoherent(Combination combination, @TempDir Path ofCluster) throws Exception {
    try (Arrangement servers = arrange(combination, ofCluster)) {
      ApplicationContextRunner application =
          combination.client().configure(servers.configure(application()), servers.servers());
      application =
          application.withPropertyValues(
              "invalidation.transport=" + combination.transport().text());
      ApplicationContextRunner second = application;
      application.run(
          one ->
              second.run(
                  other -> {
                    assertThat(one).hasNotFailed();
                    assertThat(other).hasNotFailed();
                    assertKeepsPromises(new Fleet(one, other), servers);
                  }));
    }
    ran.add(combination);
  }

  private static void assertKeepsPromises(Fleet fleet, Arrangement servers) throws Exception {
    fleet.awaitJoined();
    fleet.assertCoherent();
    fleet.assertMissedMessagesAreReplayed(servers.servers());
    fleet.assertNothingCleared();
    servers.happen(fleet);
    fleet.assertCoherent();
    if (!servers.mayLoseMessages()) {
      fleet.assertNothingCleared();
    }
  }

  private Arrangement arrange(Combination combination, Path directory) throws IOException {
    return switch (combination.topology()) {
      case SENTINEL_FAILOVER, SENTINEL_MASTER_KILLED, SENTINEL_MASTER_FROZEN ->
          new Sentinels(program, combination.topology());
      case CLUSTER -> new Cluster(TestCluster.started(program, directory), false);
      case CLUSTER_ENCRYPTED -> new Cluster(TestCluster.encrypted(program, directory), true);
      case MASTER_ISOLATED -> new IsolatedMaster(program);
      default -> new Standalone(shared, combination.topology(), combination.transport());
    };
  }

  /** An application with the starter. Its bound is above the pauses of a busy machine. */
  static ApplicationContextRunner application() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                AopAutoConfiguration.class,
                SslAutoConfiguration.class,
                DataRedisAutoConfiguration.class,
                CacheAutoConfiguration.class,
                CacheInvalidationAutoConfiguration.class))
        .withBean(CountingObserver.class)
        .withPropertyValues(
            "invalidation.channel=" + CHANNEL,
            "invalidation.check-interval=200ms",
            "invalidation.max-staleness=10s");
  }

  final SharedServer shared() {
    return shared;
  }
}
