package io.github.cacheinvalidation.fence;

import static java.util.Objects.requireNonNull;
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
    assertThat(gates.awaitStore("key")).isNull();
    assertThat(pauses).isEmpty();
  }

  @Test
  void storeOfAnotherKey_isNotWaitedFor() {
    int twin = 1;
    while (gates.tryEnter(twin) != null) {
      twin++;
    }
    assertThat(gates.awaitStore(twin)).isNull();
    assertThat(pauses).isEmpty();
  }

  @Test
  void storeThatStays_isWaitedForOnlyForAWhile() {
    Gates.Store store = gates.tryEnter("key");
    assertThat(gates.awaitStore("key")).isSameAs(store);
    assertThat(gates.enter("key")).isNull();
    assertThat(pauses).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void storeThatLeaves_isWaitedForNoLonger_thoughAnotherHasEntered() {
    Gates.Store store = requireNonNull(gates.tryEnter("key"));
    meanwhile =
        () -> {
          gates.leave(store);
          meanwhile = () -> {};
          assertThat(gates.enter("key")).isNotNull();
        };
    assertThat(gates.awaitStore("key")).isNull();
    assertThat(pauses).containsExactly(0);
  }

  @Test
  void storeThatSomebodyLeftFor_doesNotLeaveForTheNext() {
    Gates.Store store = requireNonNull(gates.tryEnter("key"));
    gates.leave(store);
    Gates.Store next = gates.tryEnter("key");
    gates.leave(store);
    assertThat(gates.awaitStore("key")).isSameAs(next).isNotNull();
  }

  @Test
  void interrupt_endsNoWait_andIsKept() {
    gates.tryEnter("key");
    Thread.currentThread().interrupt();
    assertThat(gates.awaitStore("key")).isNotNull();
    assertThat(pauses).hasSize(3);
    assertThat(Thread.interrupted()).isTrue();
  }
}
