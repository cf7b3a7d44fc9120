package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one message of a log after the other and hands it to the handler. The end of the work on a
 * message is reported with the request for the next one, and again until the channel answers. For
 * one thread.
 */
final class GroupLoop {

  private static final Logger logger = LoggerFactory.getLogger(GroupLoop.class);

  /** The longest pause while the channel does not answer. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private static final int LONGEST_REASON = 500;

  /** A message that must be kept before it counts as handled. */
  private record Unkept(GroupLog.Entry entry, String reason) {}

  private final GroupLog log;
  private final String suffix;
  private final InvalidationGroupHandler handler;
  private final GroupMessages messages;
  private final GroupSettings settings;
  private final GroupCounters counters;
  private final GroupListener listener;
  private final GroupOutage outage;
  private final LongSupplier nanoTime;
  private GroupLog.@Nullable Finished finished;
  private @Nullable Unkept unkept;
  private Duration pause;

  /** Whether the channel has answered since the last leave, so that there is a group to leave. */
  private boolean joined;

  /**
   * Creates a loop. The lag of its log is unknown until the channel answers.
   *
   * @param suffix makes the ids of messages differ from those of the other logs of the group
   * @param outage is shared by all loops of the group
   */
  GroupLoop(
      GroupLog log,
      String suffix,
      InvalidationGroupHandler handler,
      GroupMessages messages,
      GroupSettings settings,
      GroupCounters counters,
      GroupListener listener,
      GroupOutage outage,
      LongSupplier nanoTime) {
    this.log = log;
    this.suffix = suffix;
    this.outage = outage;
    this.handler = handler;
    this.messages = messages;
    this.settings = settings;
    this.counters = counters;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.pause = settings.pollInterval();
    counters.lagUnknown(suffix);
  }

  /**
   * Takes a message, if there is one, and calls the handler.
   *
   * @return the pause before the next step
   */
  Duration step() {
    GroupLog.Taken taken;
    try {
      keep();
      taken = log.take(finished);
    } catch (RuntimeException | Error failure) {
      joined = false;
      counters.lagUnknown(suffix);
      outage.begins(suffix, failure);
      return longerPause();
    }
    joined = true;
    finished = null;
    pause = settings.pollInterval();
    outage.ends(suffix);
    if (taken.backlog() != null) {
      counters.backlog(suffix, taken.backlog());
    }
    GroupLog.Entry entry = taken.entry();
    if (entry == null) {
      return settings.pollInterval();
    }
    work(entry);
    return Duration.ZERO;
  }

  /**
   * Reports the end of the work on the last message, if the channel answers, and leaves until the
   * next step. If there is no next step either, another node gets that message too. If there is
   * nothing to report, this asks nothing of a channel that did not answer, because the wait for a
   * connection can exceed the timeout of a stop.
   */
  void leave() {
    if (!joined && finished == null && unkept == null) {
      return;
    }
    joined = false;
    try {
      keep();
      log.leave(finished);
      finished = null;
    } catch (RuntimeException | Error failure) {
      logger.debug("Group '{}' was left without notice", counters.group(), failure);
    }
  }

  private Duration longerPause() {
    Duration present = pause;
    Duration longer = present.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : max(LONGEST_PAUSE, present);
    return present;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private void keep() {
    Unkept present = unkept;
    if (present != null) {
      String id = present.entry().id();
      log.keep(present.entry(), present.reason());
      unkept = null;
      finished = new GroupLog.Finished(id, true);
      counters.keptDeadLetter();
      listener.deadLetter(counters.group(), id + suffix, present.reason(), log.deadLetters());
    }
  }

  private void work(GroupLog.Entry entry) {
    if (entry.deliveries() > settings.maxAttempts()) {
      unkept = new Unkept(entry, "The node of the last attempt ended before its handler did");
      return;
    }
    long began = nanoTime.getAsLong();
    Throwable failure = failureOf(entry);
    Duration lasted = Duration.ofNanos(nanoTime.getAsLong() - began);
    if (lasted.compareTo(settings.claimIdleTime()) >= 0) {
      listener.slow(counters.group(), entry.id() + suffix, lasted);
    }
    if (failure == null) {
      finished = new GroupLog.Finished(entry.id(), true);
      return;
    }
    counters.failed();
    listener.failed(counters.group(), entry.id() + suffix, entry.deliveries(), failure);
    if (entry.deliveries() >= settings.maxAttempts()) {
      unkept = new Unkept(entry, reason(failure));
    } else {
      finished = new GroupLog.Finished(entry.id(), false);
    }
  }

  private @Nullable Throwable failureOf(GroupLog.Entry entry) {
    try {
      handOver(entry);
      return null;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return stopped;
    } catch (Exception | Error broken) {
      return broken;
    }
  }

  /** A message without invalidations, such as the first entry of a log, concerns no handler. */
  private void handOver(GroupLog.Entry entry) throws Exception {
    List<Invalidation.OfCache<InvalidationGroupHandler.Key>> stale = messages.stale(entry);
    if (stale != null && stale.isEmpty()) {
      return;
    }
    counters.attempted();
    if (stale == null) {
      listener.everything(counters.group());
      handler.everythingMayHaveChanged();
    } else {
      handler.handle(
          new InvalidationGroupHandler.Message(entry.id() + suffix, entry.deliveries(), stale));
    }
    listener.handled(counters.group());
  }

  private static String reason(Throwable failure) {
    String reason = failure.toString();
    return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
  }
}
