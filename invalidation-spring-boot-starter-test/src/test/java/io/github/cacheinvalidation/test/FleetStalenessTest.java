package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus.State;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that the staleness bound ends. */
class FleetStalenessTest {

  @AutoClose
  private final InvalidationFleet fleet = Names.fleet(2, "invalidation.max-staleness=1s");

  @BeforeEach
  void everyNodeHoldsTheOldName() {
    Names.store(1, "old");
    fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");
  }

  @Test
  void nodeThatIsCutOff_emptiesItsCachesWithinTheStalenessBound() {
    fleet.node(1).cutOff();

    fleet.node(0).bean(Names.class).write(1, "new");

    fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("new");
    assertThat(fleet.node(1).status().state()).isEqualTo(State.CUT_OFF);
  }

  @Test
  void messageThatAFailoverHasLost_isMadeUpForWithinTheStalenessBound() {
    fleet.node(1).holdMessages();
    fleet.node(0).bean(Names.class).write(1, "new");

    fleet.failOver();

    fleet.node(1).releaseMessages();
    fleet.awaitCoherent();
    assertThat(fleet.node(1).bean(Names.class).read(1)).isEqualTo("new");
  }
}
