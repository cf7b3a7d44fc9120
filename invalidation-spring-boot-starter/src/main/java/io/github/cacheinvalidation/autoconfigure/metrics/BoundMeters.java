package io.github.cacheinvalidation.autoconfigure.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What was registered in somebody else's registry, which may outlive the application: then the
 * meters would stand still, and those of the next application could not take their place.
 */
final class BoundMeters {

  private final List<Runnable> removals = new CopyOnWriteArrayList<>();

  void add(MeterRegistry registry, Meter meter) {
    removals.add(() -> registry.remove(meter));
  }

  void removeAll() {
    removals.forEach(Runnable::run);
    removals.clear();
  }
}
