package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads new entries of the log, each from the last one on.
 *
 * <p>Redis skips trimmed entries in silence. So each reading also asks for the last entry read. If
 * it is still there, nothing after it was trimmed, because Redis trims the oldest entries first.
 * Only then the next entry is delivered with a predecessor. Without one the receiver reads the log,
 * finds what is missing, and clears.
 *
 * <p>The last position is the only acknowledgement. It moves after an entry was handed over, so an
 * entry may be delivered twice, but none is left out. One thread at a time reads; the thread of an
 * ended subscription may still finish its reading meanwhile.
 */
public final class LogTail {

  /** How a reading ended. */
  public enum Outcome {
    /** Every entry that the log had was handed over. */
    ALL,
    /** The log may have further entries. */
    MORE,
    /**
     * The log has neither the last entry nor a later one: it is another log, whose ids may be
     * lower. The caller calls {@link LogTail#begin}.
     */
    ANOTHER_LOG
  }

  private static final String BEGINNING = "0-0";

  private static final int PAGE_SIZE = 64;

  private final byte[] key;

  /** The last entry that was handed over; null if the log was empty, or before the first call. */
  private volatile @Nullable Position last;

  /** Reduced after a failure: a page may have been too large to arrive in time. */
  private volatile int pageSize = PAGE_SIZE;

  public LogTail(RedisNames name) {
    this.key = name.logKey().getBytes(StandardCharsets.UTF_8);
  }

  /** Continues after the last entry if the log still has it, else after the newest one. */
  public void begin(Connection connection) {
    Position known = last;
    if (known != null) {
      List<Connection.StreamEntry> found = connection.range(key, known.entryId(), 1);
      if (!found.isEmpty() && known.equals(position(found.get(0)))) {
        return;
      }
    }
    last = position(connection.newest(key));
  }

  /**
   * Waits for new entries and hands them over. Returns after the wait if there are none.
   *
   * @param wait how long to wait for an entry
   * @param target takes an entry; returns false if it takes no more, then the entry is read again
   * @return whether the log may have further entries
   */
  public Outcome await(Connection connection, Duration wait, Predicate<Delivery> target) {
    Position from = last;
    Connection.Tail tail;
    try {
      tail = connection.after(key, id(from), pageSize, wait);
    } catch (RuntimeException | Error failure) {
      askForLess();
      throw failure;
    }
    return handOver(from, tail, target);
  }

  /**
   * Starts {@link #await}. Hands the entries over on the thread of the client, which saves the time
   * to wake another one.
   *
   * @param wait how long to wait for an entry
   * @param target takes an entry as for {@link #await}; must not block
   * @return completes after the entries were handed over, or after the wait if there are none; null
   *     if the client can only wait
   */
  public @Nullable CompletionStage<Outcome> beginAwait(
      Connection connection, Duration wait, Predicate<Delivery> target) {
    Position from = last;
    CompletionStage<Connection.Tail> begun = connection.beginAfter(key, id(from), pageSize, wait);
    if (begun == null) {
      return null;
    }
    return begun
        .whenComplete(
            (tail, failure) -> {
              if (failure != null) {
                askForLess();
              }
            })
        .thenApply(tail -> handOver(from, tail, target));
  }

  private Outcome handOver(
      @Nullable Position from, Connection.Tail tail, Predicate<Delivery> target) {
    boolean isKept = from != null && from.equals(position(tail.before()));
    if (from != null && !isKept && tail.entries().isEmpty()) {
      return Outcome.ANOTHER_LOG;
    }
    Position predecessor = isKept ? from : null;
    for (Connection.StreamEntry each : tail.entries()) {
      LogEntry entry = LogReader.entry(each);
      Delivery delivery = new Delivery(entry.position(), predecessor, null, entry.body(), false);
      if (!LogReader.isOfCheck(each) && !target.test(delivery)) {
        return Outcome.MORE;
      }
      predecessor = entry.position();
      last = predecessor;
    }
    if (tail.entries().size() >= pageSize) {
      return Outcome.MORE;
    }
    pageSize = PAGE_SIZE;
    return Outcome.ALL;
  }

  private void askForLess() {
    pageSize = Math.max(1, pageSize / 8);
  }

  private static String id(@Nullable Position from) {
    return from == null ? BEGINNING : from.entryId();
  }

  private static @Nullable Position position(Connection.@Nullable StreamEntry entry) {
    return entry == null ? null : LogReader.entry(entry).position();
  }
}
