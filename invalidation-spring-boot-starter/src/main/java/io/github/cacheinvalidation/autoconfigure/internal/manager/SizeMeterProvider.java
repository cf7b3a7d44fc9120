package io.github.cacheinvalidation.autoconfigure.internal.manager;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * Registers only the size meter for a cache of the node that records no statistics. Micrometer
 * would register the same meter, but would log a warning for each such cache. Meters are removed
 * when the application ends, because a registry can outlive the application.
 */
public final class SizeMeterProvider
    implements CacheMeterBinderProvider<CaffeineCache>, AutoCloseable {

  private final DefaultInvalidationNode node;

  private final List<Runnable> removals = new CopyOnWriteArrayList<>();

  public SizeMeterProvider(DefaultInvalidationNode node) {
    this.node = node;
  }

  /** Returns null for all other caches, so that Spring Boot asks its own provider. */
  @Override
  public @Nullable MeterBinder getMeterBinder(CaffeineCache cache, Iterable<Tag> tags) {
    if (!new NodeCaches(node.cacheManager()).include(cache)
        || cache.getNativeCache().policy().isRecordingStats()) {
      return null;
    }
    return registry -> {
      Gauge gauge =
          Gauge.builder("cache.size", cache, shown -> shown.getNativeCache().estimatedSize())
              .tags(Tags.of(tags).and("cache", cache.getName()))
              .description("Approximate number of entries")
              .register(registry);
      removals.add(() -> registry.remove(gauge));
    };
  }

  @Override
  public void close() {
    removals.forEach(Runnable::run);
    removals.clear();
  }
}
