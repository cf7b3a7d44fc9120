package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.internal.judge.JudgeStatistics;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;

/** The meters of the judge, for each cache with a source of truth. */
final class JudgeMeters implements MeterBinder, DisposableBean {

  private static final String PREFIX = Counters.PREFIX + "judge.";

  private final BoundMeters bound = new BoundMeters();

  private final DefaultInvalidationNode node;

  private final CommonTags common;

  private final ObjectProvider<SourceOfTruth> sources;

  JudgeMeters(
      DefaultInvalidationNode node, CommonTags common, ObjectProvider<SourceOfTruth> sources) {
    this.node = node;
    this.common = common;
    this.sources = sources;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    sources.orderedStream().map(SourceOfTruth::cache).forEach(each -> bind(registry, each));
  }

  private void bind(MeterRegistry registry, String cache) {
    Tags tags = common.get().and("cache", cache);
    count(registry, cache, tags, "checked", "Entries compared", JudgeStatistics::checked);
    count(registry, cache, tags, "mismatches", "Entries found stale", JudgeStatistics::mismatches);
    count(
        registry,
        cache,
        tags,
        "failures",
        "Reads that failed, or whose values cannot be compared",
        JudgeStatistics::failures);
    bound.add(
        registry,
        Gauge.builder(
                PREFIX + "consistency",
                node,
                source -> of(source, cache, JudgeStatistics::consistency, Double.NaN))
            .description("Share of the compared entries that were not stale")
            .tags(tags)
            .register(registry));
  }

  private void count(
      MeterRegistry registry,
      String cache,
      Tags tags,
      String name,
      String description,
      ToDoubleFunction<JudgeStatistics> value) {
    bound.add(
        registry,
        FunctionCounter.builder(PREFIX + name, node, source -> of(source, cache, value, 0))
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private static double of(
      DefaultInvalidationNode node,
      String cache,
      ToDoubleFunction<JudgeStatistics> value,
      double absent) {
    return node.judge().statistics().stream()
        .filter(each -> each.cache().equals(cache))
        .mapToDouble(value)
        .findFirst()
        .orElse(absent);
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }
}
