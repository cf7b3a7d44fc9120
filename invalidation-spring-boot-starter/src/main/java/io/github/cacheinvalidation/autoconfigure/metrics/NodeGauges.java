package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.DisposableBean;

/** Gauges of the status of a node. A reading asks the node, never Redis. */
final class NodeGauges implements MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final DefaultInvalidationNode node;

  private final CommonTags common;

  /**
   * Creates the gauges.
   *
   * @param caches gets the name of each cache of the node
   */
  NodeGauges(DefaultInvalidationNode node, CommonTags common, CacheMeters caches) {
    this.node = node;
    this.common = common;
    CoherentCacheManager manager = node.cacheManager();
    if (manager != null) { // a mock of a test has none
      manager.onCreation(cache -> caches.add(cache.getName()));
      manager.inspector().caches().forEach(cache -> caches.add(cache.name()));
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Tags tags = common.get();
    gauge(
        registry,
        "pending.keys",
        "Keys that wait to be published",
        tags,
        DefaultInvalidationNode::pendingKeys);
    gauge(
        registry,
        "listeners",
        "Connections that got the last message of this node, as Redis said then",
        tags,
        NodeGauges::listeners);
    for (NodeStatus.State state : NodeStatus.State.values()) {
      gauge(
          registry,
          "state",
          "1 for the state of the node, 0 for the others",
          tags.and("state", Counters.valueOf(state)),
          of -> of.status().state() == state ? 1 : 0);
    }
    time(
        registry,
        "unconfirmed",
        "How long ago the node was last confirmed to be coherent",
        tags,
        NodeGauges::unconfirmedMillis);
    time(
        registry,
        "outbox.age",
        "How long the oldest key has waited that could not be published yet",
        tags,
        of -> of.longestWait().toMillis());
  }

  private static double listeners(DefaultInvalidationNode node) {
    var last = node.inspector().listeners();
    return last.isPresent() ? last.getAsInt() : Double.NaN;
  }

  private static double unconfirmedMillis(DefaultInvalidationNode node) {
    return Math.max(0, Duration.between(node.status().lastConfirmed(), Instant.now()).toMillis());
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<DefaultInvalidationNode> value) {
    bound.add(
        registry,
        Gauge.builder(Counters.PREFIX + name, node, value)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private void time(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<DefaultInvalidationNode> millis) {
    bound.add(
        registry,
        TimeGauge.builder(Counters.PREFIX + name, node, TimeUnit.MILLISECONDS, millis)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }
}
