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
    assertThat(gates.awaitStore("key")).isTrue();
    assertThat(pauses).isEmpty();
  }

  @Test
  void storeThatStays_isWaitedForOnlyForAWhile() {
    gates.enter("key");
    assertThat(gates.awaitStore("key")).isFalse();
    assertThat(gates.enter("key")).isEqualTo(Gates.HELD);
    assertThat(pauses).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void storeThatLeaves_isWaitedForNoLonger_thoughAnotherHasEntered() {
    int entered = gates.enter("key");
    meanwhile =
        () -> {
          gates.leave("key", entered);
          meanwhile = () -> {};
          assertThat(gates.enter("key")).isNotEqualTo(Gates.HELD);
        };
    assertThat(gates.awaitStore("key")).isTrue();
    assertThat(pauses).containsExactly(0);
  }

  @Test
  void gateThatIsLeft_isEnteredByTheNext() {
    int entered = gates.enter("key");
    meanwhile = () -> gates.leave("key", entered);
    int next = gates.enter("key");
    assertThat(next).isNotIn(Gates.HELD, entered);
    gates.leave("key", next);
    assertThat(gates.awaitStore("key")).isTrue();
  }
}
