package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.jspecify.annotations.Nullable;

/** Distinguishes an error that the server answered from a connection failure. */
@FunctionalInterface
public interface ServerErrors {

  /** Returns the server's answer, or {@code null} if the failure is of another kind. */
  @Nullable String answerIn(Throwable failure);

  /** Returns the message of the first cause of a type, or {@code null} if there is none. */
  static @Nullable String messageOf(Class<? extends Throwable> type, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return String.valueOf(cause.getMessage());
      }
    }
    return null;
  }
}
