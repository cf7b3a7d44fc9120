package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events of one group. */
final class GroupCounters implements GroupStatistics {

  private final String group;
  private final LongAdder attempts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private volatile double lag = Double.NaN;

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

  void backlog(GroupLog.Backlog backlog) {
    lag = backlog.unread() < 0 ? Double.NaN : backlog.unread() + backlog.pending();
  }

  void lagUnknown() {
    lag = Double.NaN;
  }

  @Override
  public String group() {
    return group;
  }

  @Override
  public double lag() {
    return lag;
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
