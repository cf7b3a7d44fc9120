package io.github.cacheinvalidation.internal.message;

import org.jspecify.annotations.Nullable;

/**
 * A message as a feed delivers it. Where it has no place in the chain here, its body may still name
 * one, as messages of others may; unless it is open.
 *
 * @param position its place in the chain; null if none is known
 * @param predecessor the position of the message before it; null if it has none, or no position
 * @param ahead the random id of the position that the same message will have; null if it is no
 *     announcement of one
 * @param body the message as it was published; not copied, so it must not be changed
 * @param open whether it came over an additional channel or pattern, whose messages have no
 *     position whatever they say
 */
public record Delivery(
    @Nullable Position position,
    @Nullable Position predecessor,
    @Nullable String ahead,
    byte[] body,
    boolean open) {

  /** Returns a message of which nothing but its body is known. */
  public static Delivery ofBody(byte[] body, boolean open) {
    return new Delivery(null, null, null, body, open);
  }

  /** Returns how many bytes it has on the wire, with its place in the chain in front. */
  public int size() {
    return ChainFields.size(this);
  }
}
