package io.github.cacheinvalidation.internal.message;

import org.jspecify.annotations.Nullable;

/**
 * A message as a feed delivers it. If no position is given here, the body may still name one (as
 * messages of other senders may), unless the message is open.
 *
 * @param position the position of the message; null if it is not known
 * @param predecessor the position of the message before it; null if there is none, or no position
 * @param ahead the random id of the position that the same message will have; null if this is not
 *     an announcement
 * @param body the message as it was published; not copied, so it must not be changed
 * @param open whether it came over an additional channel or pattern; then it has no position,
 *     whatever its fields say
 */
public record Delivery(
    @Nullable Position position,
    @Nullable Position predecessor,
    @Nullable String ahead,
    byte[] body,
    boolean open) {

  /** Returns a message of which only the body is known. */
  public static Delivery ofBody(byte[] body, boolean open) {
    return new Delivery(null, null, null, body, open);
  }

  /** Returns its length in bytes on the wire, with the fields of its place in the chain. */
  public int size() {
    return ChainFields.size(this);
  }
}
