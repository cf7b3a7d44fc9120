package io.github.cacheinvalidation.internal.message;

import java.util.Objects;

/**
 * The place of one message in the log of a channel: the id of its log entry and a random id that is
 * fresh for each attempt to publish. After a failover or a flush the same entry id can exist again
 * with another message behind it; the random part makes such a fork visible. Positions are compared
 * for equality. Their order means nothing; it keeps a hash table quick in which somebody made many
 * positions with the same hash code.
 *
 * @param entryId the id that Redis gave to the log entry
 * @param nonce the random id of the attempt that appended the entry; empty when the entry bears
 *     none
 */
public record Position(String entryId, String nonce) implements Comparable<Position> {

  public Position {
    Objects.requireNonNull(entryId, "'entryId' must not be null");
    Objects.requireNonNull(nonce, "'nonce' must not be null");
  }

  /**
   * Reads the form that travels in messages, {@code entryId/nonce}.
   *
   * @param text the text to read
   * @return the position
   * @throws IllegalArgumentException if the text has no {@code /}
   */
  public static Position parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0) {
      throw new IllegalArgumentException(
          "'text' must have the form entryId/nonce but was '" + text + "'");
    }
    return new Position(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(Position other) {
    int ids = entryId.compareTo(other.entryId);
    return ids != 0 ? ids : nonce.compareTo(other.nonce);
  }

  /** Returns the form that travels in messages, {@code entryId/nonce}. */
  @Override
  public String toString() {
    return entryId + "/" + nonce;
  }
}
