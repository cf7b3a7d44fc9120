package io.github.cacheinvalidation.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class InvalidationHealthIndicatorTest {

  private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.678Z");

  private static final Instant CONFIRMED = Instant.parse("2026-01-02T03:04:06Z");

  private final InvalidationProperties properties = new InvalidationProperties();

  @ParameterizedTest
  @EnumSource
  void everyState_isUp(State state) {
    Health health = healthOf(status(state, Set.of(Impairment.CHECKS)));

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsEntry("state", state.name());
  }

  @Test
  void details_areAllFactsOfTheStatus_asTextAndNumbers() {
    Health health =
        healthOf(
            Transport.PUBSUB,
            new NodeStatus(
                State.CUT_OFF,
                SINCE,
                "Connection refused",
                Set.of(Impairment.CHECKS, Impairment.SUBSCRIPTION),
                CONFIRMED,
                7,
                "cache:invalidate",
                "redis-1"));

    assertThat(health.getDetails())
        .containsExactly(
            entry("state", "CUT_OFF"),
            entry("reason", "Connection refused"),
            entry("since", "2026-01-02T03:04:05.678Z"),
            entry("lastConfirmed", "2026-01-02T03:04:06Z"),
            entry("impairments", List.of("SUBSCRIPTION", "CHECKS")),
            entry("transport", "pubsub"),
            entry("channel", "cache:invalidate"),
            entry("server", "redis-1"),
            entry("pendingKeys", 7));
  }

  @Test
  void unknownFacts_areNoDetails() {
    Health health =
        healthOf(new NodeStatus(State.JOINING, SINCE, null, Set.of(), CONFIRMED, 0, null, null));

    assertThat(health.getDetails())
        .containsOnlyKeys("state", "since", "lastConfirmed", "impairments", "pendingKeys");
  }

  @Test
  void nodeThatIsCutOff_isOutOfService_ifTheApplicationWantsIt() {
    properties.getHealth().setOutOfServiceWhenCutOff(true);

    assertThat(healthOf(status(State.CUT_OFF, Set.of(Impairment.PUBLICATIONS))).getStatus())
        .isEqualTo(Status.OUT_OF_SERVICE);
  }

  @Test
  void nodeThatCouldNotConnectYet_isOutOfServiceToo_ifTheApplicationWantsIt() {
    properties.getHealth().setOutOfServiceWhenCutOff(true);

    assertThat(healthOf(status(State.JOINING, Set.of(Impairment.CHECKS))).getStatus())
        .isEqualTo(Status.OUT_OF_SERVICE);
    assertThat(healthOf(status(State.JOINING, Set.of())).getStatus()).isEqualTo(Status.UP);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUT_OFF", "JOINING"})
  void nodeInAnotherState_staysUp_evenThen(State state) {
    properties.getHealth().setOutOfServiceWhenCutOff(true);

    assertThat(healthOf(status(state, Set.of(Impairment.CHECKS))).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void disabledNode_isUnknown_becauseItHasNoBoundToKeep() {
    properties.setEnabled(false);
    properties.getHealth().setOutOfServiceWhenCutOff(true);

    Health health = healthOf(status(State.STOPPED, Set.of()));

    assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
    assertThat(health.getDetails())
        .containsExactly(
            entry("state", "STOPPED"),
            entry(
                "reason",
                "invalidation.enabled is false: caches receive no writes of other nodes"));
  }

  private Health healthOf(NodeStatus status) {
    return healthOf(null, status);
  }

  private Health healthOf(@Nullable Transport chosen, NodeStatus status) {
    return new InvalidationHealthIndicator(new NodeWith(status), properties, () -> chosen).health();
  }

  private static NodeStatus status(State state, Set<Impairment> impairments) {
    return new NodeStatus(state, SINCE, null, impairments, CONFIRMED, 0, "channel", null);
  }

  private record NodeWith(NodeStatus status) implements InvalidationNode {

    @Override
    public boolean awaitJoined(Duration timeout) {
      throw new AssertionError("health waits for nothing");
    }
  }
}
