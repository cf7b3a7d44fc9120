package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.Simulation.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole protocol on virtual time: one log to which everything can happen, several nodes to
 * which everything can happen, and the judge of {@link ModelNode}.
 */
@Tag("G3")
@Tag("model")
class ProtocolModelTest {

  private static final ReceiverSettings SETTINGS =
      new ReceiverSettings(
          Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(100), 1 << 20);

  private static final int SEEDS = 80;

  /** One run: faults for a time, then none. */
  private static final class Run {

    private final Simulation simulation;

    private final List<ModelNode> nodes = new ArrayList<>();

    private final ModelServer server;

    private final long seed;

    private boolean writing = true;

    private boolean outages = true;

    Run(long seed, Sabotage sabotage) {
      this.seed = seed;
      simulation = new Simulation(seed);
      server =
          new ModelServer(
              (message, position, predecessor) ->
                  nodes.forEach(node -> node.accepted(message, position, predecessor)));
      for (int i = 0; i < 3; i++) {
        ModelNode node = new ModelNode(simulation, server, SETTINGS, sabotage);
        node.faults(Faults.MANY);
        nodes.add(node);
      }
      write();
      breakServer();
    }

    private void write() {
      if (writing) {
        int burst = simulation.happens(.02) ? 40 : 1;
        IntStream.range(0, burst).forEach(i -> server.publish());
        boolean pause = simulation.happens(.01);
        simulation.after(simulation.between(1, pause ? 800 : 20), this::write);
      }
    }

    private void breakServer() {
      if (!outages) {
        return;
      }
      switch (simulation.random.nextInt(5)) {
        case 0 -> {
          server.failOver(simulation.random.nextInt(6));
          nodes.forEach(node -> node.disconnect(simulation.between(0, 200)));
        }
        case 1 -> server.delete(simulation.random.nextInt(12));
        case 2 -> server.trim(simulation.random.nextInt(30) + 1);
        case 3 -> nodes.forEach(node -> node.disconnect(simulation.between(0, 200)));
        default -> server.trim(1_000);
      }
      simulation.after(simulation.between(50, 4_000), this::breakServer);
    }

    String violation() {
      return nodes.stream()
          .map(ModelNode::violation)
          .filter(found -> found != null)
          .map(found -> "seed " + seed + ": " + found)
          .findFirst()
          .orElse("");
    }

    void heal() {
      outages = false;
      nodes.forEach(node -> node.faults(Faults.NONE));
    }
  }

  @Tag("G3.14")
  @Test
  void whateverHappens_aConfirmedMomentHasNothingUnansweredAndAllConverge() {
    int suspected = 0;
    int lost = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Run run = new Run(seed, Sabotage.NONE);
      run.simulation.runFor(15_000 * MILLI);
      assertThat(run.violation()).isEmpty();
      run.heal();
      run.simulation.runFor(5_000 * MILLI);
      List<Integer> clears = run.nodes.stream().map(node -> node.clears().size()).toList();
      run.simulation.runFor(3_000 * MILLI);
      run.writing = false;
      run.simulation.runFor(1_000 * MILLI);

      assertThat(run.violation()).isEmpty();
      for (ModelNode node : run.nodes) {
        assertThat(node.unanswered()).as("seed %d: unanswered messages", seed).isZero();
        assertThat(node.staleness()).as("seed %d: staleness", seed).isLessThan(300 * MILLI);
        suspected +=
            (int) node.clears().stream().filter(ClearReason.SUSPECTED_LOSS::equals).count();
        lost += (int) node.clears().stream().filter(ClearReason.LOST_MESSAGES::equals).count();
      }
      assertThat(run.nodes.stream().map(node -> node.clears().size()).toList())
          .as("seed %d: clears after all is healed", seed)
          .isEqualTo(clears);
    }
    assertThat(suspected).as("the model reaches suspicions").isPositive();
    assertThat(lost).as("the model reaches known losses").isPositive();
  }

  @ParameterizedTest
  @EnumSource(value = Sabotage.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aReceiverThatIsWrong_isCaught(Sabotage sabotage) {
    String caught = "";
    for (long seed = 1; seed <= SEEDS && caught.isEmpty(); seed++) {
      Run run = new Run(seed, sabotage);
      run.simulation.runFor(15_000 * MILLI);
      caught = run.violation();
    }
    assertThat(caught).isNotEmpty();
  }

  @Tag("G3.13")
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tenThousandMessagesASecondWithACheckEach10Ms_clearNothingAndStayConfirmed(long seed) {
    ModelNode node = underLoad(seed, 200);

    assertThat(node.readings()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void joiningAmongTenThousandMessagesASecond_clearsNothingMore(long seed) {
    ModelNode node = underLoad(seed, 0);

    assertThat(node.readings()).as("readings of a server 60 ms away").isLessThan(100);
  }

  private static ModelNode underLoad(long seed, long quietMillis) {
    ReceiverSettings settings =
        new ReceiverSettings(
            Duration.ofMillis(10), Duration.ofSeconds(10), Duration.ofMillis(500), 16 << 20);
    Simulation simulation = new Simulation(seed);
    List<ModelNode> nodes = new ArrayList<>();
    ModelServer server =
        new ModelServer(
            (message, at, prev) -> nodes.forEach(node -> node.accepted(message, at, prev)));
    server.publish();
    ModelNode node = new ModelNode(simulation, server, settings, Sabotage.NONE);
    node.slowestReplyMillis(60);
    node.pageSize(256);
    nodes.add(node);
    simulation.runFor(quietMillis * MILLI);
    publishFor(simulation, server, 3_000 * MILLI);

    simulation.runFor(4_000 * MILLI);

    assertThat(node.violation()).isNull();
    assertThat(node.clears()).containsExactly(ClearReason.JOINED);
    assertThat(node.longestStaleness()).isLessThan(500 * MILLI);
    assertThat(node.unanswered()).isZero();
    return node;
  }

  private static void publishFor(Simulation simulation, ModelServer server, long nanos) {
    long end = simulation.now() + nanos;
    Runnable publishing =
        new Runnable() {
          @Override
          public void run() {
            server.publish();
            server.trimAbout(10_000);
            if (simulation.now() < end) {
              simulation.after(MILLI / 10, this);
            }
          }
        };
    publishing.run();
  }
}
