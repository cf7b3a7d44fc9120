package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that was read.
 *
 * @param predecessor the position of the message before it; null if it has none, or if the message
 *     has no position
 * @param position its own position; null for a message from the log, whose entry bears it, and for
 *     one that does not belong to the chain
 * @param ahead the random id of the position that the same message will have; null if it is no
 *     announcement of one, or too long to be one
 * @param origin which node sent it, as {@code nodeName/nodeId}; null if it does not say
 * @param invalidations what it invalidates, possibly nothing
 */
public record Message(
    @Nullable Position predecessor,
    @Nullable Position position,
    @Nullable String ahead,
    @Nullable String origin,
    List<Invalidation<WireKey>> invalidations) {

  public Message {
    invalidations = List.copyOf(invalidations);
  }
}
