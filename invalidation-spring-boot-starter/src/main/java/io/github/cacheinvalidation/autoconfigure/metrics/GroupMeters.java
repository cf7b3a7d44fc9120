package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.group.GroupStatistics;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The meters of groups. There are none without a handler. The numbers are looked up at each
 * reading, because the node knows its groups only while the application runs.
 */
final class GroupMeters implements MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final DefaultInvalidationNode node;

  private final CommonTags common;

  private final ObjectProvider<InvalidationGroupHandler> handlers;

  GroupMeters(
      DefaultInvalidationNode node,
      CommonTags common,
      ObjectProvider<InvalidationGroupHandler> handlers) {
    this.node = node;
    this.common = common;
    this.handlers = handlers;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    handlers
        .orderedStream()
        .map(InvalidationGroupHandler::group)
        .forEach(each -> bind(registry, each));
  }

  private void bind(MeterRegistry registry, String group) {
    Tags tags = common.get().and("group", group);
    bound.add(
        registry,
        Gauge.builder(
                "invalidation.group.lag",
                node,
                source -> of(source, group, GroupStatistics::lag, Double.NaN))
            .description("Messages that the group, on all nodes together, has not finished")
            .tags(tags)
            .register(registry));
    count(registry, group, tags, "attempts", "Calls of the handler", GroupStatistics::attempts);
    count(
        registry,
        group,
        tags,
        "failures",
        "Calls of the handler that failed",
        GroupStatistics::failures);
    count(
        registry,
        group,
        tags,
        "dead.letters",
        "Messages that were kept after their last attempt",
        GroupStatistics::deadLetters);
  }

  private void count(
      MeterRegistry registry,
      String group,
      Tags tags,
      String name,
      String description,
      ToDoubleFunction<GroupStatistics> value) {
    bound.add(
        registry,
        FunctionCounter.builder(
                "invalidation.group." + name, node, source -> of(source, group, value, 0))
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private static double of(
      DefaultInvalidationNode node,
      String group,
      ToDoubleFunction<GroupStatistics> value,
      double absent) {
    return node.groups().statistics().stream()
        .filter(each -> each.group().equals(group))
        .mapToDouble(value)
        .findFirst()
        .orElse(absent);
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }
}
