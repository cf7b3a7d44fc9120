package io.github.cacheinvalidation.internal.receiver;

/** What is run in turns: by one thread at a time, which tells it the time. */
interface EventHandler {

  /** Handles one event. */
  void on(Event event, long now);

  /** Does what is due. Returns the moment at which something may be due next. */
  long tick(long now);
}
