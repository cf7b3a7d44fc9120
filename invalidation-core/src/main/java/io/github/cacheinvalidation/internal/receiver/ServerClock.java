package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Instant;

/**
 * Tells how long ago the server accepted a message, by the clock of the server alone. The id of a
 * log entry is the server's time in milliseconds when it accepted the entry. Each check reads the
 * server's time too, at a moment between its start and its answer; the middle is taken. From then
 * on this node only measures how much time has passed. So the clocks of this machine and of the
 * sender do not matter. The error is at most half the time that the check took, plus the
 * millisecond of the id. A check that took much longer than the last one is ignored for a while,
 * and one that took more than a second, as one that had to connect, tells nothing. Not thread-safe;
 * see {@link ReceiverLoop}.
 */
final class ServerClock {

  private static final int NANOS_PER_MICRO = 1_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final long LONGEST_CHECK_NANOS = 1_000_000_000;

  private static final long GOOD_FOR_NANOS = 10_000_000_000L;

  private String serverId = "";

  private boolean known;

  private long serverNanos;

  private long atNanos;

  private long tookNanos;

  /** A check that was sent at one time is answered at another. */
  void checked(long sentNanos, Tip tip, long now) {
    long took = now - sentNanos;
    boolean another = !tip.serverId().equals(serverId);
    if (!another && known && took > 2 * tookNanos && now - atNanos < GOOD_FOR_NANOS) {
      return;
    }
    serverId = tip.serverId();
    known = tip.serverMicros() > 0 && took <= LONGEST_CHECK_NANOS;
    serverNanos = tip.serverMicros() * NANOS_PER_MICRO;
    atNanos = sentNanos + took / 2;
    tookNanos = took;
  }

  /**
   * Returns how long ago the entry was accepted; {@link MessageEventListener#UNKNOWN} if unknown.
   */
  long age(Position position, long now) {
    Instant accepted = known ? position.time() : null;
    return accepted == null
        ? MessageEventListener.UNKNOWN
        : Math.max(0, serverNanos + (now - atNanos) - accepted.toEpochMilli() * NANOS_PER_MILLI);
  }
}
