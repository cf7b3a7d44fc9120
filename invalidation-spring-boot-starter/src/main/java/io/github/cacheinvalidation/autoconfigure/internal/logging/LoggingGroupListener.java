package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.internal.group.GroupListener;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Logs the events of groups for an operator: the start and the end of each problem once, and what
 * is lost. If problems of a group follow each other within a minute, only a summary is logged.
 */
public final class LoggingGroupListener implements GroupListener {

  /** What can be wrong with one group. */
  private record Problems(ProblemLog outage, ProblemLog failures, ProblemLog deadLetters) {}

  private final NodeLog log;

  private final LongSupplier nanoTime;

  private final GroupSettings settings;

  private final Map<String, Problems> problems = new HashMap<>();

  public LoggingGroupListener(NodeLog log, LongSupplier nanoTime, GroupSettings settings) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.settings = settings;
  }

  private Problems of(String group) {
    return problems.computeIfAbsent(
        group,
        name ->
            new Problems(
                problem("Group '" + name + "' could not take messages of a channel"),
                problem("The handler of group '" + name + "' failed"),
                problem("Group '" + name + "' got dead letters")));
  }

  private ProblemLog problem(String name) {
    return new ProblemLog(log, nanoTime, name);
  }

  @Override
  public synchronized void failed(String group, String id, int attempt, Throwable cause) {
    log.debug("Group '" + group + "' failed to handle message " + id, cause);
    of(group)
        .failures()
        .begin(
            "The handler of group '"
                + group
                + "' failed. Each message is tried "
                + settings.maxAttempts()
                + " times (invalidation.groups.max-attempts), then kept as a dead letter. First"
                + " failure: {}",
            "The handler of group '" + group + "' works again after {}",
            "message " + id + ", attempt " + attempt + ": " + cause);
  }

  @Override
  public synchronized void handled(String group) {
    of(group).failures().end();
    of(group).deadLetters().end();
  }

  @Override
  public synchronized void deadLetter(String group, String id, String reason, String place) {
    of(group)
        .deadLetters()
        .begin(
            "Group '"
                + group
                + "' did not handle a message in its last attempt. Redis keeps it in the stream '"
                + place
                + "'. {}",
            "The handler of group '" + group + "' handles messages again after {}",
            "Message " + id + ": " + reason);
  }

  @Override
  public synchronized void everything(String group) {
    log.info(
        "Group '{}' is told that everything may have changed: it is new, or may have lost messages",
        group);
  }

  @Override
  public synchronized void slow(String group, String id, Duration lasted) {
    log.warn(
        "The handler of group '{}' took {} s for message {}, so another node may have handled it"
            + " too. Raise invalidation.groups.claim-idle-time, or make the handler faster",
        group,
        lasted.toSeconds(),
        id);
  }

  @Override
  public synchronized void cutOff(String group, Throwable cause) {
    of(group)
        .outage()
        .begin(
            "Group '"
                + group
                + "' takes no messages of a channel; the node retries until the channel answers."
                + " Meanwhile the messages wait in the log. Reason: {}",
            "Group '" + group + "' takes messages of all channels again after {}",
            String.valueOf(cause.getMessage()));
  }

  @Override
  public synchronized void reached(String group) {
    of(group).outage().end();
  }

  @Override
  public synchronized void interrupted(String group, Duration timeout) {
    log.warn(
        "The handler of group '{}' did not end within {} s (invalidation.groups.stop-timeout) and"
            + " was interrupted. Another node gets its message again",
        group,
        timeout.toMillis() / 1000.0);
  }

  @Override
  public void unused(List<String> groups) {
    log.warn(
        "The InvalidationGroupHandler beans of the groups {} are not used, because this node has no"
            + " log in Redis. Set invalidation.transport to pubsub and invalidation.enabled to true,"
            + " or remove these beans",
        groups);
  }
}
