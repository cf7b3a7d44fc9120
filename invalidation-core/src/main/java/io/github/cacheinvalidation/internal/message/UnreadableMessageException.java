package io.github.cacheinvalidation.internal.message;

import java.nio.charset.StandardCharsets;

/**
 * A message could not be read. The text says why and quotes its beginning, at most 100 characters
 * without control characters, so that it is fit for a log. It has no stack trace: messages come
 * from outside, at any rate.
 */
public final class UnreadableMessageException extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int MAX_QUOTE = 100;

  /** Why a message could not be read. */
  public enum Kind {
    /** It is longer than {@link MessageReader#MAX_BYTES}; nobody looked into it. */
    OVERSIZED,
    /**
     * It is not a JSON object within the limits, or one of ours with a field that makes no sense.
     */
    MALFORMED,
    /** It is JSON, but of none of the forms that are known. */
    UNKNOWN_FORM,
    /** Its envelope has a version that this reader does not know. */
    UNSUPPORTED_VERSION
  }

  private final Kind kind;

  UnreadableMessageException(Kind kind, String reason, byte[] payload) {
    super(reason + "; it begins with '" + quote(payload) + "'", null, false, false);
    this.kind = kind;
  }

  /** Returns why the message could not be read. */
  public Kind kind() {
    return kind;
  }

  private static String quote(byte[] payload) {
    int length = Math.min(payload.length, MAX_QUOTE);
    String text = new String(payload, 0, length, StandardCharsets.UTF_8);
    StringBuilder quoted = new StringBuilder(length);
    text.codePoints()
        .forEach(
            c ->
                quoted.appendCodePoint(
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.LINE_SEPARATOR
                            || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                            || !Character.isDefined(c)
                        ? '?'
                        : c));
    return quoted.toString();
  }
}
