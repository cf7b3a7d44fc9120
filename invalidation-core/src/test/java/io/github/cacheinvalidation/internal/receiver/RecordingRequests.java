package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Records the requests of the receiver; the test answers them. */
final class RecordingRequests implements ChannelRequests {

  /** A reading of the log that was asked for. */
  record Reading(long number, Position from) {}

  private final List<Long> subscriptions = new ArrayList<>();

  private final Deque<Event.Check> checks = new ArrayDeque<>();

  private final Deque<Reading> readings = new ArrayDeque<>();

  private int readingsAsked;

  @Override
  public void subscribe(long subscription) {
    subscriptions.add(subscription);
  }

  @Override
  public void check(Event.Check check) {
    checks.add(check);
  }

  @Override
  public void read(long reading, Position from) {
    readingsAsked++;
    readings.add(new Reading(reading, from));
  }

  List<Long> subscriptions() {
    return subscriptions;
  }

  /** Returns the unanswered checks. */
  Deque<Event.Check> checks() {
    return checks;
  }

  /** Returns the unanswered readings. */
  Deque<Reading> readings() {
    return readings;
  }

  int readingsAsked() {
    return readingsAsked;
  }
}
