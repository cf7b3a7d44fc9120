package io.github.cacheinvalidation.internal.channel;

import java.time.Instant;

/**
 * Answers questions of an operator about a channel. Each call opens a connection of its own and
 * closes it, so that it delays no message and no check. It may wait some seconds for the server.
 * Several threads may call at the same time.
 */
public interface Inspection {

  /**
   * Asks the server which connections listen to the channel.
   *
   * @throws RuntimeException if no server answers; a single missing answer is in the result
   */
  Audience audience();

  /**
   * Reads the messages that the server accepted at a time or later, oldest first.
   *
   * @param time the time, on the clock of the server
   * @param limit the most messages, at least 1
   * @throws RuntimeException if no server answers, or it refuses
   */
  LogExcerpt since(Instant time, int limit);
}
