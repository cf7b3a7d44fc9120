package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when the server must be asked for an answer over an idle connection. Routers drop idle
 * connections, the strictest after 30 s, and notify neither end. More {@code PING}s than needed
 * would double the cost of an idle node for the server.
 *
 * <p>Any thread may call {@link #note}; only one thread calls {@link #look}.
 */
public final class IdleConnectionCheck {

  public static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

  /** The result of {@link #look}. */
  public enum Finding {
    /** The caller need not do anything now. */
    ALIVE,
    /** The connection was idle for too long: the caller must ask for an answer. */
    IDLE,
    /** The caller asked, and no answer came within the timeout. */
    DEAD
  }

  private final long timeoutNanos;
  private final LongSupplier nanoTime;
  private volatile boolean seen = true;
  private long silentSince;
  private boolean asked;
  private long askedAt;

  public IdleConnectionCheck(Duration timeout, LongSupplier nanoTime) {
    this.timeoutNanos = timeout.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Notes that data arrived over the connection, or that a command starts. */
  public void note() {
    if (!seen) {
      seen = true;
    }
  }

  /** Checks the connection. On {@code IDLE} the caller asks, and calls {@link #note} on answer. */
  public Finding look() {
    long now = nanoTime.getAsLong();
    if (seen) {
      seen = false;
      asked = false;
      silentSince = now;
    } else if (asked) {
      return now - askedAt > timeoutNanos ? Finding.DEAD : Finding.ALIVE;
    } else if (now - silentSince >= LONGEST_SILENCE.toNanos()) {
      asked = true;
      askedAt = now;
      return Finding.IDLE;
    }
    return Finding.ALIVE;
  }
}
