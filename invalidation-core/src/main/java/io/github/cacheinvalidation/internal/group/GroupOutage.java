package io.github.cacheinvalidation.internal.group;

import java.util.HashSet;
import java.util.Set;

/** Which logs of a group cannot be reached. The group is reached if all can. For one thread. */
final class GroupOutage {

  private final String group;

  private final GroupListener listener;

  private final Set<String> logs = new HashSet<>();

  GroupOutage(String group, GroupListener listener) {
    this.group = group;
    this.listener = listener;
  }

  /** A log has not answered. */
  void begins(String log, Throwable cause) {
    logs.add(log);
    listener.cutOff(group, cause);
  }

  /** A log has answered. */
  void ends(String log) {
    logs.remove(log);
    if (logs.isEmpty()) {
      listener.reached(group);
    }
  }
}
