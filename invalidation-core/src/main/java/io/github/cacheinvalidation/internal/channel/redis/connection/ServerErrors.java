package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.jspecify.annotations.Nullable;

/** Tells an error that the server answered from trouble on the way to it. */
@FunctionalInterface
public interface ServerErrors {

  /** Returns what the server answered, or {@code null} if the failure is of another kind. */
  @Nullable String answerIn(Throwable failure);

  /** Finds the answer in the message of the first cause of a type. */
  static @Nullable String messageOf(Class<? extends Throwable> type, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return String.valueOf(cause.getMessage());
      }
    }
    return null;
  }
}
