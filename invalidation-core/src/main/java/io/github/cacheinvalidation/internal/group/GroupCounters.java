package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events of one group. */
final class GroupCounters implements GroupStatistics {

  private final String group;
  private final LongAdder attempts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();

  /** The messages of each log that are not finished; not a number while that is not known. */
  private final Map<String, Double> lags = new ConcurrentHashMap<>();

  GroupCounters(String group) {
    this.group = group;
  }

  void attempted() {
    attempts.increment();
  }

  void failed() {
    failures.increment();
  }

  void keptDeadLetter() {
    deadLetters.increment();
  }

  void backlog(String log, GroupLog.Backlog backlog) {
    lags.put(log, backlog.unread() < 0 ? Double.NaN : backlog.unread() + backlog.pending());
  }

  void lagUnknown(String log) {
    lags.put(log, Double.NaN);
  }

  @Override
  public String group() {
    return group;
  }

  @Override
  public double lag() {
    return lags.isEmpty()
        ? Double.NaN
        : lags.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  @Override
  public long attempts() {
    return attempts.sum();
  }

  @Override
  public long failures() {
    return failures.sum();
  }

  @Override
  public long deadLetters() {
    return deadLetters.sum();
  }
}
