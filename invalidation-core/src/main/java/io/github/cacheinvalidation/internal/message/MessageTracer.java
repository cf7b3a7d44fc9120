package io.github.cacheinvalidation.internal.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows messages from their publication to their application, for distributed tracing. Without a
 * tracer nothing is called. Several threads may call at the same time. Each method returns at once
 * and throws nothing.
 */
public interface MessageTracer {

  /** The publication of one message, with all its attempts. */
  interface Tracing {

    /** Does nothing. */
    Tracing NONE = new Tracing() {};

    /**
     * Returns what the message carries to other nodes; see {@link TextFields}.
     *
     * @return names and values; perhaps empty
     */
    default Map<String, String> fields() {
      return Map.of();
    }

    /**
     * The publication has ended. Further calls change nothing.
     *
     * @param failure why the channel has not accepted the message; null if it has
     */
    default void ended(@Nullable Throwable failure) {}
  }

  /**
   * Returns what the calling thread does now. Called by the first write of a batch, on the thread
   * of the write.
   */
  @Nullable Object current();

  /**
   * A message is about to be published. Called on a thread of the node.
   *
   * @param cause what {@link #current} returned for the first write in the batch of the message
   * @param keys the number of keys in the message
   * @param wholeCaches the number of whole caches in the message
   */
  Tracing publishing(@Nullable Object cause, int keys, int wholeCaches);

  /**
   * Applies a message of another sender. Called on the thread that applies messages.
   *
   * @param message the message
   * @param application applies the message; must be run once, and may throw
   */
  void applying(Message message, Runnable application);
}
