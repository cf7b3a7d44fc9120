package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The facts about the further channels of a node that determine its status. Immutable.
 *
 * @param behind for each channel that is not coherent, which messages may be missing
 * @param failures for each channel whose last check failed, the reason of the first failure or of
 *     the last refusal
 */
record FurtherFacts(Map<String, Behind> behind, Map<String, String> failures) {

  static final FurtherFacts NONE = new FurtherFacts(Map.of(), Map.of());

  FurtherFacts behind(String channel, Behind missing) {
    return new FurtherFacts(changed(behind, map -> map.put(channel, missing)), failures);
  }

  FurtherFacts confirmed(String channel, long sentNanos) {
    Behind present = behind.get(channel);
    return present == null || sentNanos - present.nanos() < 0
        ? this
        : new FurtherFacts(changed(behind, map -> map.remove(channel)), failures);
  }

  FurtherFacts failed(String channel, String reason, boolean refused) {
    return failures.containsKey(channel) && !refused
        ? this
        : new FurtherFacts(behind, changed(failures, map -> map.put(channel, reason)));
  }

  FurtherFacts worked(String channel) {
    return failures.containsKey(channel)
        ? new FurtherFacts(behind, changed(failures, map -> map.remove(channel)))
        : this;
  }

  FurtherFacts without(String channel) {
    return new FurtherFacts(
        changed(behind, map -> map.remove(channel)), changed(failures, map -> map.remove(channel)));
  }

  Collection<String> reasons() {
    return failures.values();
  }

  /** Returns why the first channel that is not coherent is not; null if all are. */
  @Nullable String behindBecause() {
    return behind.isEmpty() ? null : behind.values().iterator().next().reason();
  }

  private static <V> Map<String, V> changed(
      Map<String, V> present, Consumer<Map<String, V>> change) {
    Map<String, V> copy = new TreeMap<>(present);
    change.accept(copy);
    return Collections.unmodifiableMap(copy);
  }
}
