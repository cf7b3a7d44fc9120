package io.github.cacheinvalidation.autoconfigure.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Registers counters of one registry.
 *
 * @param registry the registry
 * @param bound remembers the meters
 * @param common the tags of every meter
 */
record Counters(MeterRegistry registry, BoundMeters bound, Tags common) {

  static final String PREFIX = "invalidation.";

  void add(String name, String description, LongAdder adder) {
    add(name, description, Tags.empty(), adder);
  }

  void add(String name, String description, Tags tags, LongAdder adder) {
    bound.add(
        registry,
        FunctionCounter.builder(PREFIX + name, adder, LongAdder::sum)
            .description(description)
            .tags(common.and(tags))
            .register(registry));
  }

  /** Registers one counter for each constant. */
  <K extends Enum<K>> void addAll(
      String name, String description, Tags tags, String key, Map<K, LongAdder> adders) {
    adders.forEach(
        (constant, adder) -> add(name, description, tags.and(key, valueOf(constant)), adder));
  }

  /** Returns a constant in the form of a tag value, such as {@code lost-messages}. */
  static String valueOf(Enum<?> constant) {
    return valueOf(constant.name());
  }

  /** Returns the same for the name of a constant. */
  static String valueOf(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    Arrays.stream(type.getEnumConstants()).forEach(each -> adders.put(each, new LongAdder()));
    return adders;
  }

  static <K> void increment(Map<K, LongAdder> adders, K key) {
    LongAdder adder = adders.get(key);
    if (adder != null) {
      adder.increment();
    }
  }
}
