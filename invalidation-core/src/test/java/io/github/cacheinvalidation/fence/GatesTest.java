package io.github.cacheinvalidation.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G1")
class GatesTest {

  private final List<Integer> pauses = new ArrayList<>();

  private Runnable meanwhile = () -> {};

  private final Gates gates =
      new Gates(
          3,
          looks -> {
            pauses.add(looks);
            meanwhile.run();
          });

  @Test
  void gateThatNobodyHolds_isNotWaitedFor() {
    assertThat(gates.awaitStore("key")).isEqualTo(Gates.NONE);
    assertThat(pauses).isEmpty();
  }

  @Test
  void storeOfAnotherKey_isNotWaitedFor() {
    int twin = twinOfAnOpenGate();
    assertThat(gates.awaitStore(twin)).isEqualTo(Gates.NONE);
    assertThat(pauses).isEmpty();
  }

  @Test
  void storeOfAnotherKey_keepsTheGateUntilItLeaves() {
    int twin = twinOfAnOpenGate();
    assertThat(gates.enter(twin)).isEqualTo(Gates.NONE);
    assertThat(pauses).containsExactly(0, 1, 2);
  }

  /** Lets a store enter each gate in turn until a key finds its gate held by that of another. */
  private int twinOfAnOpenGate() {
    int twin = 1;
    while (gates.tryEnter(twin) != Gates.NONE) {
      twin++;
    }
    return twin;
  }

  @Test
  void storeThatStays_isWaitedForOnlyForAWhile() {
    long pass = gates.tryEnter("key");
    assertThat(gates.awaitStore("key")).isEqualTo(pass);
    assertThat(gates.enter("key")).isEqualTo(Gates.NONE);
    assertThat(pauses).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void storeThatLeaves_isWaitedForNoLonger_thoughAnotherHasEntered() {
    long pass = gates.tryEnter("key");
    meanwhile =
        () -> {
          gates.leave(pass);
          meanwhile = () -> {};
          assertThat(gates.enter("key")).isNotEqualTo(Gates.NONE);
        };
    assertThat(gates.awaitStore("key")).isEqualTo(Gates.NONE);
    assertThat(pauses).containsExactly(0);
  }

  @Test
  void storeThatIsDisregarded_isWaitedForNoMore_andKeepsItsGateUntilItLeaves() {
    long pass = gates.tryEnter("key");
    gates.disregard(pass);
    assertThat(gates.awaitStore("key")).isEqualTo(Gates.NONE);
    assertThat(gates.enter("key")).isEqualTo(Gates.NONE);
    assertThat(pauses).isEmpty();
    gates.leave(pass);
    assertThat(gates.tryEnter("key")).isNotEqualTo(Gates.NONE);
  }

  @Test
  void disregardOfAStoreThatHasLeft_doesNotMeanTheNext() {
    long pass = gates.tryEnter("key");
    gates.leave(pass);
    gates.disregard(pass);
    long next = gates.tryEnter("key");
    gates.disregard(pass);
    assertThat(gates.awaitStore("key")).isEqualTo(next).isNotEqualTo(Gates.NONE);
  }

  @Test
  void keyWhoseHashIsNegative_hasAPassOfItsOwn() {
    long pass = gates.tryEnter(-1);
    assertThat(gates.awaitStore(-1)).isEqualTo(pass);
    gates.leave(pass);
    assertThat(gates.awaitStore(-1)).isEqualTo(Gates.NONE);
  }

  @Test
  void interrupt_endsNoWait_andIsKept() {
    gates.tryEnter("key");
    Thread.currentThread().interrupt();
    assertThat(gates.awaitStore("key")).isNotEqualTo(Gates.NONE);
    assertThat(pauses).hasSize(3);
    assertThat(Thread.interrupted()).isTrue();
  }
}
