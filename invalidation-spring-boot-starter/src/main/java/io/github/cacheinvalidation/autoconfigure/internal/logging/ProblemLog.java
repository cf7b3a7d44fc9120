package io.github.cacheinvalidation.autoconfigure.internal.logging;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Logs the start of a problem once, and its end once with its duration. Occurrences that begin
 * within a minute of the last warning are counted, and logged as one summary line. Not thread-safe.
 */
final class ProblemLog {

  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  private final NodeLog log;
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
   * Creates a problem that has not begun.
   *
   * @param name the beginning of a summary line, before the number of occurrences
   */
  ProblemLog(NodeLog log, LongSupplier nanoTime, String name) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.name = name;
  }

  /**
   * Reports that the problem is present. Can be called repeatedly; only the first call of an
   * occurrence has an effect.
   *
   * @param warning the text at the start, with a placeholder for the reason
   * @param information the text at the end, with a placeholder for the duration
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

  /**
   * Reports that the problem is not present. Can be called repeatedly; only the first call has an
   * effect.
   */
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
   * Logs a remedy for the present problem: once, and only if the start was logged and its reason
   * did not contain the remedy.
   *
   * @param warning the text, with a placeholder for the remedy
   */
  void tellRemedy(String warning, String remedy) {
    if (told && !remedyTold) {
      remedyTold = true;
      if (!lastReason.contains(remedy)) {
        log.warn(warning, remedy);
      }
    }
  }

  /**
   * Logs a summary of the counted occurrences if a minute has passed since the last warning. Must
   * be called regularly.
   */
  void look() {
    long now = nanoTime.getAsLong();
    if (untold > 0 && now - warnedAt >= QUIET_NANOS) {
      summarize(now);
    }
  }

  private void summarize(long now) {
    long total = untoldNanos + (present && !told ? now - beganAt : 0);
    log.warn(
        "{} {} in the last {}, for {} in total. The problem {}. Last reason: {}",
        name,
        untold == 1 ? "once more" : untold + " more times",
        seconds(now - warnedAt),
        seconds(total),
        present ? "persists" : "is over",
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

  /** Returns a duration for a person. */
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
