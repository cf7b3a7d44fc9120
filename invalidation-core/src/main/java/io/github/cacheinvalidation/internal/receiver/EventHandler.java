package io.github.cacheinvalidation.internal.receiver;

/**
 * Handles events. One thread at a time calls it and passes the time, in nanoseconds of the node's
 * monotonic clock.
 */
interface EventHandler {

  /** Handles one event. */
  void on(Event event, long now);

  /** Does the work that is due. Returns the time at which work may be due next. */
  long tick(long now);
}
