package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.DisposableBean;

/** Gauge of the keys that wait to be published. */
final class PendingKeysMeter implements MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final DefaultInvalidationNode node;

  PendingKeysMeter(DefaultInvalidationNode node) {
    this.node = node;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(
        registry,
        Gauge.builder("invalidation.pending.keys", node, DefaultInvalidationNode::pendingKeys)
            .description("Keys that wait to be published")
            .register(registry));
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }
}
