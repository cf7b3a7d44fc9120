package io.github.cacheinvalidation.autoconfigure.health;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.Transport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of a node, from {@link InvalidationNode#status()}. It is {@code UP} in each state,
 * because in each state the caches answer within their staleness bounds. Never waits for Redis.
 */
final class InvalidationHealthIndicator implements HealthIndicator {

  private final InvalidationNode node;

  private final InvalidationProperties properties;

  private final Supplier<@Nullable Transport> transport;

  /**
   * Creates an indicator.
   *
   * @param transport returns the transport of the node; null if none was chosen yet
   */
  InvalidationHealthIndicator(
      InvalidationNode node,
      InvalidationProperties properties,
      Supplier<@Nullable Transport> transport) {
    this.node = node;
    this.properties = properties;
    this.transport = transport;
  }

  @Override
  public Health health() {
    NodeStatus status = node.status();
    return properties.isEnabled() ? ofNode(status) : ofDisabledNode(status);
  }

  private Health ofNode(NodeStatus status) {
    Health.Builder health =
        new Health.Builder(
            isCutOff(status) && properties.getHealth().isOutOfServiceWhenCutOff()
                ? Status.OUT_OF_SERVICE
                : Status.UP);
    health.withDetail("state", status.state().name());
    addIfKnown(health, "reason", status.reason());
    health
        .withDetail("since", status.since().toString())
        .withDetail("lastConfirmed", status.lastConfirmed().toString())
        .withDetail("impairments", status.impairments().stream().map(Enum::name).toList());
    addIfKnown(health, "transport", transport());
    addIfKnown(health, "channel", status.channel());
    addIfKnown(health, "server", status.server());
    return health.withDetail("pendingKeys", status.pendingKeys()).build();
  }

  /** The caches of a disabled node have no staleness bound, so there is nothing to confirm. */
  private static Health ofDisabledNode(NodeStatus status) {
    return Health.unknown()
        .withDetail("state", status.state().name())
        .withDetail(
            "reason", "invalidation.enabled is false: caches receive no writes of other nodes")
        .build();
  }

  /** A node that has never joined is cut off too, as soon as an attempt has failed. */
  private static boolean isCutOff(NodeStatus status) {
    return status.state() == NodeStatus.State.CUT_OFF
        || (status.state() == NodeStatus.State.JOINING && !status.impairments().isEmpty());
  }

  private @Nullable String transport() {
    Transport chosen = transport.get();
    return chosen == null ? null : chosen.text();
  }

  private static void addIfKnown(Health.Builder health, String name, @Nullable String value) {
    if (value != null) {
      health.withDetail(name, value);
    }
  }
}
