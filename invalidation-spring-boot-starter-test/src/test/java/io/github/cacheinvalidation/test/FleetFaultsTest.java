package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetFaultsTest {

  private static InvalidationFleet fleet;

  private Names first;

  private Names second;

  @BeforeAll
  static void start() {
    fleet = Names.fleet(2, "invalidation.max-staleness=1h");
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @BeforeEach
  void everyNodeHoldsTheOldName() {
    first = fleet.node(0).bean(Names.class);
    second = fleet.node(1).bean(Names.class);
    Names.store(1, "old");
    fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");
  }

  @AfterEach
  void reset() {
    fleet.reset();
  }

  @Test
  void messageThatIsDropped_isReadFromTheLog() {
    int before = replays();
    fleet.node(1).dropMessages(1);

    first.write(1, "new");
    fleet.awaitCoherent();

    assertThat(second.read(1)).isEqualTo("new");
    assertThat(replays() - before).isEqualTo(1);
  }

  @Test
  void messagesOfTheNodeItself_areNotDropped() {
    int before = replays();
    fleet.node(1).dropMessages(1);

    second.write(2, "own");
    fleet.awaitCoherent();

    assertThat(replays() - before).isZero();
    first.write(1, "new");
    fleet.awaitCoherent();
    assertThat(replays() - before).isEqualTo(1);
  }

  @Test
  void messageThatIsHeld_actsWhenItIsReleased() {
    int before = replays();
    fleet.node(1).holdMessages();

    first.write(1, "new");

    await().until(() -> fleet.node(1).status().state() == State.CUT_OFF);
    assertThat(first.read(1)).isEqualTo("new");
    assertThat(second.read(1)).isEqualTo("old");
    fleet.node(1).releaseMessages();
    fleet.awaitCoherent();
    assertThat(second.read(1)).isEqualTo("new");
    assertThat(replays() - before).isZero();
  }

  @Test
  void nodeWhoseMessagesAreHeld_canPublish() {
    fleet.node(1).holdMessages();

    second.write(1, "new");

    await().until(() -> first.read(1).equals("new"));
  }

  @Test
  void nodeThatIsCutOff_neitherReceivesNorPublishes_untilItReconnects() {
    Names.store(2, "old");
    fleet.assertEveryNode(node -> node.bean(Names.class).read(2)).returns("old");
    fleet.node(1).cutOff();

    first.write(1, "new");
    second.write(2, "new");

    await().until(() -> fleet.node(1).status().state() == State.CUT_OFF);
    assertThat(second.read(1)).isEqualTo("old");
    assertThat(first.read(2)).isEqualTo("old");
    assertThat(fleet.node(1).status().pendingKeys()).isEqualTo(1);
    assertThat(fleet.node(1).status().reason()).contains("The test has cut this node off");
    fleet.node(1).reconnect();
    fleet.awaitCoherent();
    assertThat(second.read(1)).isEqualTo("new");
    assertThat(first.read(2)).isEqualTo("new");
  }

  @Test
  void writesOfAForkedNode_reachNobody_notEvenLater() {
    fleet.node(1).fork();
    await().until(() -> fleet.node(1).status().state() == State.SUSPECTING);
    second.write(1, "new");
    await().until(() -> fleet.node(1).isDrained());

    assertThat(first.read(1)).isEqualTo("old");
    fleet.node(1).reconnect();
    await().until(() -> Objects.equals(server(1), server(0)));
    assertThat(first.read(1)).isEqualTo("old");
  }

  @Test
  void messageThatIsHeldDuringAFailover_isLost() {
    fleet.node(1).holdMessages();
    first.write(1, "new");
    await().until(() -> fleet.node(1).status().state() == State.CUT_OFF);
    Names.Watch watch = fleet.node(1).bean(Names.Watch.class);
    int before = watch.subscriptions();

    fleet.failOver();

    await().until(() -> watch.subscriptions() > before);
    fleet.node(1).releaseMessages();
    await().until(() -> fleet.node(1).status().state() == State.SUSPECTING);
    assertThat(second.read(1)).isEqualTo("old");
  }

  @Test
  void nodeThatWasCutOffDuringAFailover_meetsTheNewServer() {
    String before = server(1);
    fleet.node(1).cutOff();
    fleet.failOver();
    await().until(() -> !Objects.equals(server(0), before));
    assertThat(server(1)).isEqualTo(before);

    fleet.node(1).reconnect();

    await().until(() -> Objects.equals(server(1), server(0)));
  }

  private static int replays() {
    return fleet.node(1).bean(Names.Watch.class).replays();
  }

  private static @Nullable String server(int node) {
    return fleet.node(node).status().server();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  @Test
  void awaitCoherent_failsWithTheStatusOfEachNode() {
    fleet.node(1).cutOff();
    await().until(() -> fleet.node(1).status().state() == State.CUT_OFF);

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> fleet.awaitCoherent(Duration.ofMillis(300)))
        .withMessageContaining("Not every node was coherent within PT0.3S")
        .withMessageContaining("node-0 is COHERENT")
        .withMessageContaining("node-1 is CUT_OFF")
        .withMessageContaining("The test has cut this node off");
  }
}
