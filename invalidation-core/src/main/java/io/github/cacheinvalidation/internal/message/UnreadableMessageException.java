package io.github.cacheinvalidation.internal.message;

/**
 * A message could not be read. The text gives the reason and quotes the beginning of the message,
 * at most 100 characters without control characters, so it is safe to log. There is no stack trace,
 * because outside senders may cause any number of these exceptions.
 */
public final class UnreadableMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why a message could not be read. */
  public enum Kind {
    /** It is longer than {@link MessageReader#MAX_BYTES}, and was not parsed. */
    OVERSIZED,
    /** It is not a JSON object within the limits, or it has our form with an invalid field. */
    MALFORMED,
    /** It is JSON, but has no known form. */
    UNKNOWN_FORM,
    /** This reader does not know the version of its envelope. */
    UNSUPPORTED_VERSION
  }

  private final Kind kind;

  UnreadableMessageException(Kind kind, String reason, byte[] payload) {
    super(reason + "; it begins with '" + Excerpt.of(payload) + "'", null, false, false);
    this.kind = kind;
  }

  /** Returns why the message could not be read. */
  public Kind kind() {
    return kind;
  }
}
