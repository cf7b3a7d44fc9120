package io.github.cacheinvalidation.internal.message;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The place of one message in the log of a channel: the id of its log entry, and a random id that
 * is new for each attempt to publish. After a failover or a flush, the same entry id can belong to
 * another message; the random id shows such a fork. Positions are compared for equality. Their
 * order has no meaning; it keeps hash tables fast if a sender creates many positions with the same
 * hash code.
 *
 * @param entryId the id that Redis gave to the log entry
 * @param nonce the random id of the attempt that appended the entry; empty if the entry has none
 */
public record Position(String entryId, String nonce) implements Comparable<Position> {

  public Position {
    Objects.requireNonNull(entryId, "'entryId' must not be null");
    Objects.requireNonNull(nonce, "'nonce' must not be null");
  }

  /**
   * Parses the form that is used in messages, {@code entryId/nonce}.
   *
   * @param text the text to parse
   * @return the position
   * @throws IllegalArgumentException if the text has no {@code /}, or begins with it
   */
  public static Position parse(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0) {
      throw new IllegalArgumentException(
          "'text' must have the form entryId/nonce but was '" + text + "'");
    }
    return new Position(text.substring(0, slash), text.substring(slash + 1));
  }

  /**
   * Returns when the server accepted the entry, in whole milliseconds of the server's clock: Redis
   * makes the id from that time. Null if the id has another form.
   */
  public @Nullable Instant time() {
    int dash = entryId.indexOf('-');
    try {
      return dash <= 0 ? null : Instant.ofEpochMilli(Long.parseLong(entryId, 0, dash, 10));
    } catch (NumberFormatException notOfRedis) {
      return null;
    }
  }

  @Override
  public int compareTo(Position other) {
    int ids = entryId.compareTo(other.entryId);
    return ids != 0 ? ids : nonce.compareTo(other.nonce);
  }

  /** Returns the form that is used in messages, {@code entryId/nonce}. */
  @Override
  public String toString() {
    return entryId + "/" + nonce;
  }
}
