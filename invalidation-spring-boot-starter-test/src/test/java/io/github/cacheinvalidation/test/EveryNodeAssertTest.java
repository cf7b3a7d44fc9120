package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.NodeStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EveryNodeAssertTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  private static InvalidationFleet fleet;

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
    Names.store(7, "old");
    fleet.assertEveryNode(node -> node.bean(Names.class).read(7)).returns("old");
  }

  @AfterEach
  void reset() {
    fleet.reset();
  }

  @Test
  void wrongValue_failsWithValueStatusAndEntriesOfEveryNode() {
    fleet.node(1).cutOff();
    await().until(() -> fleet.node(1).status().state() == State.CUT_OFF);
    fleet.node(0).bean(Names.class).write(7, "new");

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fleet
                    .assertEveryNode(node -> node.bean(Names.class).read(7))
                    .within(Duration.ofSeconds(1))
                    .returns("new"))
        .withMessageContainingAll(
            "Expected every node to return \"new\" within PT1S, but:",
            "  node-0 returned \"new\". It is COHERENT and holds names {7L=\"new\"}",
            "  node-1 returned \"old\" (wrong: expected: \"new\" but was: \"old\"). It is CUT_OFF"
                + " (The test has cut this node off",
            "and holds names {7L=\"old\"}");
  }

  @Test
  void valueThatBecomesRight_passes() {
    AtomicInteger reads = new AtomicInteger();

    fleet.assertEveryNode(node -> reads.incrementAndGet() > 20).returns(true);

    assertThat(reads).hasValueGreaterThan(20);
  }

  @Test
  void value_isReadWhenEveryNodeHasAppliedTheWritesOfBefore() {
    fleet.node(0).bean(Names.class).write(7, "new");
    Instant written = Instant.now();
    List<Instant> confirmed = new ArrayList<>();

    fleet
        .assertEveryNode(
            node -> {
              confirmed.add(node.status().lastConfirmed());
              return node.bean(Names.class).read(7);
            })
        .returns("new");

    assertThat(confirmed).hasSize(2).allMatch(instant -> !instant.isBefore(written));
  }

  @Test
  void nodesThatFaultsKeepFromTheWrites_areNotWaitedFor() {
    fleet.node(0).cutOff();
    fleet.node(0).bean(Names.class).write(7, "new");
    fleet.node(1).holdMessages();
    Instant end = Instant.now().plus(InvalidationFleet.PATIENCE);

    fleet.assertEveryNode(node -> node.bean(Names.class).read(8)).returns("none");

    assertThat(Instant.now()).isBefore(end);
  }

  @Test
  void valueIsReadOnTheThreadOfTheTest() {
    fleet.assertEveryNode(node -> Thread.currentThread()).returns(Thread.currentThread());
  }

  @Test
  void valueThatIsRightOnOneNodeAtATime_fails() {
    AtomicInteger reads = new AtomicInteger();

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fleet
                    .assertEveryNode(node -> reads.incrementAndGet() % 2)
                    .within(Duration.ofMillis(100))
                    .returns(1));
  }

  @SuppressWarnings("NullAway") // it knows no type parameters that may be null
  @Test
  void nullValue_isAValue() {
    fleet.assertEveryNode(node -> (String) null).returns(null);

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> fleet.assertEveryNode(node -> (String) null).within(SHORT).returns("some"))
        .withMessageContaining("node-0 returned null");
  }

  @Test
  void exceptionOfTheReader_isShown() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fleet
                    .assertEveryNode(
                        node -> {
                          throw new IOException("no answer");
                        })
                    .within(SHORT)
                    .returns("some"))
        .withMessageContaining("node-0 returned nothing (wrong: java.io.IOException no answer)")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
  }

  @Test
  void requirements_areSatisfiedOrShown() {
    fleet
        .assertEveryNode(node -> node.bean(Names.class).read(7))
        .satisfies(name -> assertThat(name).startsWith("o"));

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fleet
                    .assertEveryNode(node -> node.bean(Names.class).read(7))
                    .within(SHORT)
                    .satisfies(name -> assertThat(name).startsWith("n")))
        .withMessageContaining("Expected every node to satisfy the requirements")
        .withMessageContaining(
            "node-1 returned \"old\" (wrong: Expecting actual: \"old\" to start");
  }

  @Test
  void manyAndLongEntries_areShortened() {
    Names.store(1, "x".repeat(1000));
    for (long id = 1; id <= 50; id++) {
      fleet.node(0).bean(Names.class).read(id);
    }

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                fleet
                    .assertEveryNode(node -> node.bean(Names.class).read(1))
                    .within(SHORT)
                    .returns("some"))
        .satisfies(
            failure ->
                assertThat(String.valueOf(failure.getMessage()).split("L=", -1).length - 1)
                    .isEqualTo(12)) // ten entries of node 0, two of node 1
        .withMessageContaining("xxx...")
        .withMessageContaining(", ...}");
  }
}
