package io.github.cacheinvalidation.convergence;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts events by name, in groups. There are few names. */
final class Counters {

  private final Map<String, Map<String, LongAdder>> groups = new ConcurrentHashMap<>();

  void add(String group, String name) {
    groups
        .computeIfAbsent(group, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(name, key -> new LongAdder())
        .increment();
  }

  long get(String group, String name) {
    LongAdder adder = groups.getOrDefault(group, Map.of()).get(name);
    return adder == null ? 0 : adder.sum();
  }

  long total(String group) {
    return groups.getOrDefault(group, Map.of()).values().stream().mapToLong(LongAdder::sum).sum();
  }

  @Override
  public String toString() {
    return new TreeMap<>(groups)
        .entrySet().stream()
            .map(
                group ->
                    "  "
                        + group.getKey()
                        + " "
                        + total(group.getKey())
                        + ": "
                        + new TreeMap<>(group.getValue())
                            .entrySet().stream()
                                .map(each -> each.getKey() + " " + each.getValue())
                                .collect(Collectors.joining(", ")))
            .collect(Collectors.joining(System.lineSeparator()));
  }
}
