package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when an idle connection has to show that it is alive. Routers forget connections that are
 * idle, the strictest after 30 s, and tell neither end. A {@code PING} more often than needed would
 * double what an idle node costs the server.
 *
 * <p>Any thread may note a sign of life; one thread looks.
 */
public final class IdleConnectionCheck {

  public static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

  /** What a look has found. */
  public enum Finding {
    /** Nothing has to be done now. */
    ALIVE,
    /** The connection was idle for too long: it has to be asked. */
    IDLE,
    /** It was asked, and has not answered within the timeout. */
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

  /** Something came over the connection, or a command on it is beginning. */
  public void note() {
    if (!seen) {
      seen = true;
    }
  }

  /** Looks at the connection. Who is told that it is idle asks it, and notes the answer. */
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
