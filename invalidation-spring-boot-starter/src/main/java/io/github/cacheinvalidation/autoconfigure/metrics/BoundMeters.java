package io.github.cacheinvalidation.autoconfigure.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The meters that the starter has added to registries. A registry may outlive the application. The
 * old meters would then keep their last values, and the next application could not register meters
 * of the same names. So the meters are removed when the application ends.
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
