package io.github.cacheinvalidation.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two sides of each transport over a real Redis; no test runs a benchmark. */
class TransportTest {

  /** The command by which each transport, and the same by hand, tells receivers of a message. */
  private static final Map<Transport, String> COMMANDS =
      Map.of(
          Transport.PUBSUB, "publish",
          Transport.SHARDED_PUBSUB, "spublish",
          Transport.STREAM, "xread",
          Transport.JEDIS, "publish");

  private static Server server;

  @BeforeAll
  static void startRedis() throws IOException {
    server = Server.start();
  }

  @AfterAll
  static void stopRedis() throws IOException {
    server.close();
  }

  @BeforeEach
  void emptyRedis() {
    server.flush();
  }

  @ParameterizedTest
  @EnumSource
  void wire_bringsEachBodyToEachReceiverInOrder(Transport transport) throws Exception {
    List<String> bodies = IntStream.range(0, 1_000).mapToObj(Integer::toString).toList();
    List<String> first = new CopyOnWriteArrayList<>();
    List<String> second = new CopyOnWriteArrayList<>();
    try (RawWire wire = transport.raw(server)) {
      wire.receive(body -> first.add(new String(body, UTF_8)));
      wire.receive(body -> second.add(new String(body, UTF_8)));

      List<Future<?>> sent = new ArrayList<>();
      bodies.forEach(body -> sent.add(wire.send(body.getBytes(UTF_8))));
      for (Future<?> each : sent) {
        each.get();
      }

      await().until(() -> first.size() >= bodies.size() && second.size() >= bodies.size());
      assertThat(first).isEqualTo(bodies);
      assertThat(second).isEqualTo(bodies);
      wire.requireValid();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothSides_removeTheSameKeysByTheSameCommand(Transport transport) {
    List<Object> keys = LongStream.range(0, 1_000).<Object>mapToObj(Long::valueOf).toList();
    List<Supplier<Fleet>> sides =
        List.of(
            () -> transport.ours(server, 2), () -> new RawFleet(transport.raw(server), 2, true));
    for (Supplier<Fleet> side : sides) {
      long before = calls(transport);
      try (Fleet fleet = side.get()) {
        fleet.fill(keys);
        assertThat(fleet.held()).containsExactly(1_000L, 1_000L);

        fleet.invalidate(keys);

        await().until(() -> fleet.held().allMatch(entries -> entries == 0));
        fleet.requireValid();
        assertThat(calls(transport)).as(fleet.name()).isGreaterThan(before);
      }
    }
  }

  private static long calls(Transport transport) {
    String stats = server.info("commandstats").get("cmdstat_" + COMMANDS.get(transport));
    return stats == null ? 0 : Long.parseLong(stats.split("[=,]", -1)[1]);
  }

  @ParameterizedTest
  @EnumSource
  void wireThatIsClosed_voidsTheRun(Transport transport) {
    RawWire wire = transport.raw(server);
    wire.receive(body -> {});
    wire.close();

    assertThatThrownBy(wire::requireValid).isInstanceOf(VoidRunException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM", "JEDIS"})
  void receiverWhoseThreadFailed_voidsTheRun(Transport transport) {
    try (RawWire wire = transport.raw(server)) {
      wire.receive(
          body -> {
            throw new IllegalStateException("a broken body");
          });
      wire.requireValid();

      var unused = wire.send(new byte[] {1});

      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(wire::requireValid)
                      .isInstanceOf(VoidRunException.class)
                      .hasMessageEndingWith("failed: a broken body"));
    }
  }

  @Test
  void targets_areThoseOfTheDocumentation() {
    assertThat(Latency.p50(Transport.PUBSUB)).hasToString("<= 1.25");
    assertThat(Latency.p99(Transport.PUBSUB)).hasToString("<= 1.5");
    assertThat(Latency.p50(Transport.STREAM)).hasToString("<= 1.5");
    assertThat(Latency.p50(Transport.SHARDED_PUBSUB)).isEqualTo(Target.none());
    assertThat(ThroughputRows.transportTarget(Transport.STREAM)).hasToString(">= 0.7");
    assertThat(ThroughputRows.transportTarget(Transport.SHARDED_PUBSUB)).isEqualTo(Target.none());
  }

  @Test
  void memoryOfKeys_isThatOfTheNamedKeysOnly() {
    try (RawWire wire = Transport.STREAM.raw(server)) {
      assertThat(server.memoryOfKeysWith(RawWire.PREFIX)).isZero();

      var unused = wire.send(new byte[1_000]);

      await().until(() -> server.memoryOfKeysWith(RawWire.PREFIX) > 1_000);
      assertThat(server.memoryOfKeysWith(OurFleet.PREFIX)).isZero();
    }
  }

  @Test
  void processorTimeOfRedis_grows() {
    double before = server.cpuSeconds();
    await().until(() -> server.cpuSeconds() > before);
  }

  @Test
  void clientList_sumsAFieldOfTheNamedConnections() {
    ClientList clients =
        ClientList.of(
            """
            id=3 addr=127.0.0.1:1 name=node flags=N omem=20 tot-mem=100
            id=4 addr=127.0.0.1:2 name= flags=P omem=5 tot-mem=30
            id=5 addr=127.0.0.1:3 name=node flags=P omem=0 tot-mem=7
            """);
    assertThat(clients.sum("omem")).isEqualTo(25);
    assertThat(clients.named("node").size()).isEqualTo(2);
    assertThat(clients.named("node").sum("tot-mem")).isEqualTo(107);
    assertThatThrownBy(() -> clients.sum("none"))
        .hasMessage("CLIENT LIST of Redis has no field none");
  }

  @Test
  void peak_isTheLargestLook() throws InterruptedException {
    List<Long> looks = new CopyOnWriteArrayList<>(List.of(3L, 9L, 4L));
    try (Peak peak = new Peak(() -> looks.size() > 1 ? looks.remove(0) : looks.get(0))) {
      await().until(() -> looks.size() == 1);
      assertThat(peak.end()).isEqualTo(9);
    }
  }

  @Test
  void peakWhoseLookFailed_throwsThatFailure() {
    IllegalStateException failure = new IllegalStateException("no such field");
    try (Peak peak =
        new Peak(
            () -> {
              throw failure;
            })) {
      assertThatThrownBy(peak::end).isSameAs(failure);
    }
  }
}
