package io.github.cacheinvalidation.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.ThrowingFunction;

/**
 * An assertion about a value that is read on every node of a fleet. First the assertion waits until
 * the nodes have applied the writes that were done before; it does not wait for a node that a fault
 * of the test keeps from that. Then the value is read again and again, on the thread of the test,
 * until it is right on all nodes at the same time, or the time is up. An entry that a node stores
 * meanwhile stays in its cache until the next write. If it fails, the message shows the value, the
 * status and the cached entries of every node.
 *
 * @param <T> the type of the value
 */
public final class EveryNodeAssert<T extends @Nullable Object> {

  private final InvalidationFleet fleet;

  private final ThrowingFunction<FleetNode, T> value;

  private Duration patience = InvalidationFleet.PATIENCE;

  EveryNodeAssert(InvalidationFleet fleet, ThrowingFunction<FleetNode, T> value) {
    this.fleet = fleet;
    this.value = value;
  }

  /**
   * Sets the longest time to wait; 30 seconds unless it is set. A test of a fault that the
   * staleness bound ends needs more time than {@code invalidation.max-staleness}.
   *
   * @param longest the longest time
   * @return this assertion
   */
  public EveryNodeAssert<T> within(Duration longest) {
    patience = longest;
    return this;
  }

  /**
   * Verifies that every node returns a value equal to the given one, at once or within the time.
   *
   * @param expected the value; may be null
   * @return this assertion
   * @throws AssertionError if a node does not
   */
  public EveryNodeAssert<T> returns(@Nullable T expected) {
    verify(
        "to return " + Text.of(expected),
        actual -> Assertions.assertThat((Object) actual).isEqualTo(expected));
    return this;
  }

  /**
   * Verifies that the value of every node satisfies requirements, at once or within the time.
   *
   * @param requirements throws an error or an exception if a value does not satisfy them
   * @return this assertion
   * @throws AssertionError if the value of a node does not
   */
  public EveryNodeAssert<T> satisfies(ThrowingConsumer<? super T> requirements) {
    verify("to satisfy the requirements", requirements);
    return this;
  }

  private void verify(String expectation, ThrowingConsumer<? super T> requirements) {
    Instant end = Instant.now().plus(patience);
    fleet.awaitDelivery(patience);
    List<Outcome> outcomes = new ArrayList<>();
    boolean right =
        InvalidationFleet.await(
            Duration.between(Instant.now(), end),
            () -> {
              outcomes.clear();
              fleet.running().forEach(node -> outcomes.add(outcome(node, requirements)));
              return outcomes.stream().allMatch(Outcome::isRight);
            });
    if (!right) {
      throw failure(expectation, outcomes);
    }
  }

  private Outcome outcome(FleetNode node, ThrowingConsumer<? super T> requirements) {
    String text = "returned nothing";
    try {
      T actual = value.applyWithException(node);
      text = "returned " + Text.of(actual);
      requirements.acceptThrows(actual);
      return new Outcome(node, text, null);
    } catch (Throwable failure) {
      return new Outcome(node, text, failure);
    }
  }

  private AssertionError failure(String expectation, List<Outcome> outcomes) {
    String nodes = outcomes.stream().map(each -> "\n  " + each).collect(Collectors.joining());
    AssertionError failure =
        new AssertionError(
            "Expected every node " + expectation + " within " + patience + ", but:" + nodes);
    outcomes.stream()
        .map(Outcome::failure)
        .filter(Objects::nonNull)
        .forEach(failure::addSuppressed);
    return failure;
  }

  private record Outcome(FleetNode node, String text, @Nullable Throwable failure) {

    boolean isRight() {
      return failure == null;
    }

    @Override
    public String toString() {
      String verdict = failure == null ? "" : " (wrong: " + Text.ofMessage(failure) + ")";
      return node + " " + text + verdict + ". It " + node.describe();
    }
  }
}
