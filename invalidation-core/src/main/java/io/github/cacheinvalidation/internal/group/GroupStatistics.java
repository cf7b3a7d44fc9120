package io.github.cacheinvalidation.internal.group;

/** The numbers of one group, as this node knows them. Safe for use by any thread. */
public interface GroupStatistics {

  /** Returns the name of the group. */
  String group();

  /**
   * Returns how many messages of all channels of this node the group, on all nodes together, has
   * not finished, about a second ago. {@link Double#NaN} while that is not known of a channel:
   * before the first answer of Redis, while Redis does not answer, and on servers before Redis 7
   * while messages wait to be read.
   */
  double lag();

  /** Returns how often this node has called the handler. */
  long attempts();

  /** Returns how many of these calls failed. */
  long failures();

  /** Returns how many messages this node has kept as dead letters. */
  long deadLetters();
}
