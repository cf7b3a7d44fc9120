package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;

/**
 * What happens in each run of a model of the outbox.
 *
 * @param writes how many keys are written
 * @param stops how often the outbox is stopped and started
 * @param delays how often the woken sender does not get the lock until after the next step
 * @param failures how many publications have no answer
 * @param room how many keys may be pending before a writer waits
 * @param direct the most publications of writers under way
 * @param stall how long the channel may accept nothing while writers wait for room
 * @param offers whether the first writer offers its keys before it finishes
 */
record OutboxPlan(
    int writes,
    int stops,
    int delays,
    int failures,
    int room,
    int direct,
    Duration stall,
    boolean offers) {

  static final Duration LONG = Duration.ofHours(1);

  static final int ROOM_FOR_ALL = 1_000;

  /** Only writes: nothing fails, no writer waits, and one publishes at a time. */
  static OutboxPlan ofWrites(int writes) {
    return new OutboxPlan(writes, 0, 0, 0, ROOM_FOR_ALL, 1, LONG, false);
  }

  OutboxPlan withStops(int value) {
    return new OutboxPlan(writes, value, delays, failures, room, direct, stall, offers);
  }

  OutboxPlan withDelays(int value) {
    return new OutboxPlan(writes, stops, value, failures, room, direct, stall, offers);
  }

  OutboxPlan withFailures(int value) {
    return new OutboxPlan(writes, stops, delays, value, room, direct, stall, offers);
  }

  OutboxPlan withRoom(int value) {
    return new OutboxPlan(writes, stops, delays, failures, value, direct, stall, offers);
  }

  OutboxPlan withDirect(int value) {
    return new OutboxPlan(writes, stops, delays, failures, room, value, stall, offers);
  }

  OutboxPlan withStall(Duration value) {
    return new OutboxPlan(writes, stops, delays, failures, room, direct, value, offers);
  }

  OutboxPlan withOffers() {
    return new OutboxPlan(writes, stops, delays, failures, room, direct, stall, true);
  }
}
