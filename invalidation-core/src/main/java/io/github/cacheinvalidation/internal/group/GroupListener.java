package io.github.cacheinvalidation.internal.group;

import java.time.Duration;
import java.util.List;

/**
 * Is notified of the events of groups, on the thread of the group. Methods return soon and never
 * throw.
 */
public interface GroupListener {

  /**
   * An attempt to handle a message failed.
   *
   * @param id the message
   * @param attempt the number of the attempt, from 1
   */
  default void failed(String group, String id, int attempt, Throwable cause) {}

  /** A handler has handled a message. */
  default void handled(String group) {}

  /**
   * A message was kept as a dead letter.
   *
   * @param place the name of the place where it is kept
   */
  default void deadLetter(String group, String id, String reason, String place) {}

  /** A handler is told that everything may have changed. */
  default void everything(String group) {}

  /** A handler ran for so long that another node may have got the same message. */
  default void slow(String group, String id, Duration lasted) {}

  /** The group cannot take messages. Called for each failed attempt. */
  default void cutOff(String group, Throwable cause) {}

  /** The group can take messages. Called for each answer. */
  default void reached(String group) {}

  /** A handler did not end within the time of a stop, and was interrupted. */
  default void interrupted(String group, Duration timeout) {}

  /** The handlers of these groups are not used, because the channel has no groups. */
  default void unused(List<String> groups) {}
}
