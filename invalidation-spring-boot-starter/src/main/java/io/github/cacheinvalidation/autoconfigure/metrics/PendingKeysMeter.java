package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.node.InvalidationNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** How many keys wait to be published. */
final class PendingKeysMeter implements MeterBinder {

  private final InvalidationNode node;

  PendingKeysMeter(InvalidationNode node) {
    this.node = node;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("invalidation.pending.keys", node, InvalidationNode::pendingKeys)
        .description("Keys that wait to be published")
        .register(registry);
  }
}
