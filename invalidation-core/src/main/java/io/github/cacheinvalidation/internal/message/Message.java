package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message that was read.
 *
 * @param predecessor the position of the message before it; null if there is none, or if this
 *     message has no position
 * @param position the position of the message; null if it came from the log, where the entry has
 *     the position, or if it is not part of the chain
 * @param ahead the random id of the position that the same message will have; null if this is not
 *     an announcement, or is too long for one
 * @param origin the node that sent it, as {@code nodeName/nodeId}; null if it names none
 * @param invalidations what it invalidates; may be empty
 * @param trace what links it with the trace of its publication; usually empty
 * @param settings the settings of caches of its sender, by the names of the caches; usually empty
 * @param elsewhere the caches that have a cache channel by the settings of its sender; usually
 *     empty. On another channel the message names them only as a notice of that
 */
public record Message(
    @Nullable Position predecessor,
    @Nullable Position position,
    @Nullable String ahead,
    @Nullable String origin,
    List<Invalidation<WireKey>> invalidations,
    Map<String, String> trace,
    Map<String, String> settings,
    Set<String> elsewhere) {

  public Message {
    invalidations = List.copyOf(invalidations);
    trace = Map.copyOf(trace);
    settings = Map.copyOf(settings);
    elsewhere = Set.copyOf(elsewhere);
  }

  /** Creates a message with these settings. */
  public Message(
      @Nullable Position predecessor,
      @Nullable Position position,
      @Nullable String ahead,
      @Nullable String origin,
      List<Invalidation<WireKey>> invalidations,
      Map<String, String> trace,
      Map<String, String> settings) {
    this(predecessor, position, ahead, origin, invalidations, trace, settings, elsewhere(settings));
  }

  /** Creates a message without a trace and settings. */
  public Message(
      @Nullable Position predecessor,
      @Nullable Position position,
      @Nullable String ahead,
      @Nullable String origin,
      List<Invalidation<WireKey>> invalidations) {
    this(predecessor, position, ahead, origin, invalidations, Map.of(), Map.of());
  }

  private static Set<String> elsewhere(Map<String, String> settings) {
    return settings.isEmpty()
        ? Set.of()
        : settings.entrySet().stream()
            .filter(each -> SentSettings.haveCacheChannel(each.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the same message without settings; still says which caches are elsewhere. */
  public Message withoutSettings() {
    return settings.isEmpty()
        ? this
        : new Message(
            predecessor, position, ahead, origin, invalidations, trace, Map.of(), elsewhere);
  }
}
