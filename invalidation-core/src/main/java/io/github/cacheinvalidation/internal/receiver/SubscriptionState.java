package io.github.cacheinvalidation.internal.receiver;

/** Which subscription is the current one, and since when it is made. Not thread-safe. */
final class SubscriptionState {

  private long number;

  private boolean made;

  private long madeNanos;

  boolean isMade() {
    return made;
  }

  /** Returns whether this is the number of the current subscription. */
  boolean is(long answered) {
    return answered == number;
  }

  /** Another subscription is asked for; returns its number. */
  long next() {
    made = false;
    return ++number;
  }

  void made(long now) {
    made = true;
    madeNanos = now;
  }

  /** The current subscription is over; later events of it are ignored. */
  void over() {
    next();
  }

  /** Returns whether the current subscription was made by this time. */
  boolean wasMadeBy(long nanos) {
    return made && nanos - madeNanos >= 0;
  }
}
