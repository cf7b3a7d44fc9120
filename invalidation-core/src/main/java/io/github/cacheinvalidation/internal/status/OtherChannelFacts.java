package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.status.StatusFacts.Behind;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The facts about the cache channels and further channels of a node that determine its status.
 * Immutable.
 *
 * @param joining the cache channels that the node has not joined yet
 * @param behind for each channel that is not coherent, which messages may be missing
 * @param failures the reason of each fault: of its first failure or of its last refusal
 */
record OtherChannelFacts(
    Set<String> joining, Map<String, Behind> behind, Map<Fault, String> failures) {

  static final OtherChannelFacts NONE = new OtherChannelFacts(Set.of(), Map.of(), Map.of());

  /** What fails on which channel. */
  record Fault(String channel, Impairment what) implements Comparable<Fault> {

    private static final Comparator<Fault> ORDER =
        Comparator.comparing(Fault::channel).thenComparing(Fault::what);

    @Override
    public int compareTo(Fault other) {
      return ORDER.compare(this, other);
    }
  }

  /** Returns the facts of a node that starts to join its cache channels. */
  static OtherChannelFacts joining(Set<String> cacheChannels) {
    return cacheChannels.isEmpty()
        ? NONE
        : new OtherChannelFacts(Set.copyOf(cacheChannels), Map.of(), Map.of());
  }

  OtherChannelFacts joined(String channel) {
    if (!joining.contains(channel)) {
      return this;
    }
    Set<String> fewer = new TreeSet<>(joining);
    fewer.remove(channel);
    return new OtherChannelFacts(Collections.unmodifiableSet(fewer), behind, failures);
  }

  OtherChannelFacts behind(String channel, Behind missing) {
    return new OtherChannelFacts(
        joining, changed(behind, map -> map.put(channel, missing)), failures);
  }

  OtherChannelFacts confirmed(String channel, long sentNanos) {
    Behind present = behind.get(channel);
    return present == null || sentNanos - present.nanos() < 0
        ? this
        : new OtherChannelFacts(joining, changed(behind, map -> map.remove(channel)), failures);
  }

  OtherChannelFacts failed(String channel, Impairment what, String reason, boolean refused) {
    Fault fault = new Fault(channel, what);
    return failures.containsKey(fault) && !refused
        ? this
        : new OtherChannelFacts(joining, behind, changed(failures, map -> map.put(fault, reason)));
  }

  OtherChannelFacts worked(String channel, Impairment what) {
    Fault fault = new Fault(channel, what);
    return failures.containsKey(fault)
        ? new OtherChannelFacts(joining, behind, changed(failures, map -> map.remove(fault)))
        : this;
  }

  OtherChannelFacts without(String channel) {
    return new OtherChannelFacts(
        joining,
        changed(behind, map -> map.remove(channel)),
        changed(failures, map -> map.keySet().removeIf(each -> each.channel().equals(channel))));
  }

  Collection<String> reasons() {
    return failures.values();
  }

  Set<Impairment> impairments() {
    Set<Impairment> all = EnumSet.noneOf(Impairment.class);
    failures.keySet().forEach(each -> all.add(each.what()));
    return all;
  }

  /** Returns why the first channel that is not coherent is not; null if all are. */
  @Nullable String behindBecause() {
    return behind.isEmpty() ? null : behind.values().iterator().next().reason();
  }

  private static <K extends Comparable<K>, V> Map<K, V> changed(
      Map<K, V> present, Consumer<Map<K, V>> change) {
    Map<K, V> copy = new TreeMap<>(present);
    change.accept(copy);
    return Collections.unmodifiableMap(copy);
  }
}
