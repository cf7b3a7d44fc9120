package io.github.cacheinvalidation.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says once that a trouble has begun, and once that it has ended and how long it lasted. What comes
 * and goes again within a minute of the last warning is counted, and told as one line. Not safe for
 * use by several threads.
 */
final class Trouble {

  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  private final Logger log;
  private final LongSupplier nanoTime;
  private final String name;
  private boolean present;
  private boolean told;
  private boolean remedyTold;
  private boolean quiet;
  private long warnedAt;
  private long beganAt;
  private int untold;
  private long untoldNanos;
  private String whenOver = "";
  private String lastReason = "";

  /**
   * Creates one that has not begun.
   *
   * @param name how a summary names it, before how often it came
   */
  Trouble(Logger log, LongSupplier nanoTime, String name) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.name = name;
  }

  /**
   * The trouble is present. Called for each sign of it; the first one counts.
   *
   * @param warning has a place for the reason
   * @param information what to say at the end, with a place for how long the trouble lasted
   */
  void begin(String warning, String information, String reason) {
    look();
    if (present) {
      return;
    }
    present = true;
    remedyTold = false;
    beganAt = nanoTime.getAsLong();
    whenOver = information;
    lastReason = reason;
    if (quiet && beganAt - warnedAt < QUIET_NANOS) {
      untold++;
    } else {
      told = true;
      warned(beganAt);
      log.warn(warning, reason);
    }
  }

  /** The trouble is not present. Called for each sign of that; the first one counts. */
  void end() {
    if (present) {
      long lasted = nanoTime.getAsLong() - beganAt;
      present = false;
      if (told) {
        told = false;
        log.info(whenOver, seconds(lasted));
      } else {
        untoldNanos += lasted;
      }
    }
    look();
  }

  /**
   * A remedy is known for the trouble that is present. Said once, if a person knows of the trouble
   * and was not told the remedy as its reason.
   *
   * @param warning has a place for the remedy
   */
  void tellRemedy(String warning, String remedy) {
    if (told && !remedyTold) {
      remedyTold = true;
      if (!lastReason.contains(remedy)) {
        log.warn(warning, remedy);
      }
    }
  }

  /** Says what has been counted, once a minute at most. Called now and then. */
  void look() {
    long now = nanoTime.getAsLong();
    if (untold > 0 && now - warnedAt >= QUIET_NANOS) {
      summarize(now);
    }
  }

  private void summarize(long now) {
    long total = untoldNanos + (present && !told ? now - beganAt : 0);
    log.warn(
        "{} {} in the last {}, for {} in total, and {}: {}",
        name,
        untold == 1 ? "once more" : untold + " more times",
        seconds(now - warnedAt),
        seconds(total),
        present ? "that lasts" : "that is over",
        lastReason);
    told = present;
    untold = 0;
    untoldNanos = 0;
    warned(now);
  }

  private void warned(long now) {
    quiet = true;
    warnedAt = now;
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
