package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.internal.history.PastInvalidation;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.judge.JudgeListener;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyText;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Logs what the judge finds, for an operator: each stale key once, with what the node remembers
 * about it; the start and the end of failing reads; and once for each cache that its values cannot
 * be compared. Keys are shown as the endpoint shows them. For the thread of the judge.
 */
public final class LoggingJudgeListener implements JudgeListener {

  /** Limit of memory: after this many stale keys, further keys are counted but not logged. */
  private static final int MOST_KEYS = 1000;

  private static final int MOST_INVALIDATIONS = 5;

  private final NodeLog log;

  private final LongSupplier nanoTime;

  private final KeyEncoder encoder;

  private final Supplier<@Nullable RecentMessages> history;

  private final boolean showKeys;

  private final Map<String, ProblemLog> failures = new HashMap<>();

  private final Set<String> told = new HashSet<>();

  /**
   * Creates a listener.
   *
   * @param history returns what the endpoint remembers; null if it remembers nothing
   * @param showKeys whether keys may be shown; otherwise their hashes are
   */
  public LoggingJudgeListener(
      NodeLog log,
      LongSupplier nanoTime,
      KeyEncoder encoder,
      Supplier<@Nullable RecentMessages> history,
      boolean showKeys) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.encoder = encoder;
    this.history = history;
    this.showKeys = showKeys;
  }

  @Override
  public void mismatch(Mismatch mismatch) {
    String text = KeyText.of(mismatch.key(), encoder);
    String hash = KeyText.hash(text);
    if (told.size() < MOST_KEYS && told.add(mismatch.cache() + ":" + hash)) {
      log.warn(
          "Cache '{}' holds a stale value of the key {}: for {} it has differed from its source of"
              + " truth, and no invalidation of it has arrived. {}{}. {}",
          mismatch.cache(),
          showKeys ? KeyText.shortened(text) : "with hash " + hash,
          ProblemLog.seconds(mismatch.differed().toNanos()),
          ageText(mismatch.age()),
          mismatch.evicted()
              ? "It was evicted on this node"
              : "It stays, because invalidation.judge.evict is false",
          historyOf(mismatch));
    }
  }

  private static String ageText(@Nullable Duration age) {
    return age == null ? "" : "The entry is " + ProblemLog.seconds(age.toNanos()) + " old. ";
  }

  private String historyOf(Mismatch mismatch) {
    RecentMessages recent = history.get();
    if (recent == null) {
      return "Expose the endpoint invalidation, so that the node remembers what was invalidated";
    }
    List<PastInvalidation> past = recent.concerning(mismatch.cache(), mismatch.key());
    return past.isEmpty()
        ? "The node remembers no invalidation of this key"
        : "Last invalidations that may have named it, newest first: "
            + past.stream()
                .limit(MOST_INVALIDATIONS)
                .map(LoggingJudgeListener::text)
                .collect(Collectors.joining("; "));
  }

  private static String text(PastInvalidation past) {
    String sender =
        switch (past.sender()) {
          case OWN -> "this node";
          case NODE -> String.valueOf(past.origin());
          case FOREIGN -> "another program";
        };
    Integer keys = past.keys();
    String what = keys == null ? "the whole cache" : keys == 1 ? "this key alone" : keys + " keys";
    String effect = past.evicted() == null ? "" : ", entries removed here: " + past.evicted();
    return past.time() + " by " + sender + ", " + what + effect;
  }

  @Override
  public void failed(String cache, Throwable cause) {
    log.debug("The source of truth of cache '" + cache + "' could not be read", cause);
    failures
        .computeIfAbsent(
            cache,
            name ->
                new ProblemLog(
                    log, nanoTime, "The SourceOfTruth bean of cache '" + name + "' failed"))
        .begin(
            "The SourceOfTruth bean of cache '"
                + cache
                + "' failed, so its values are not compared. It must return null for a key without"
                + " a value. Reason: {}",
            "The SourceOfTruth bean of cache '" + cache + "' works again after {}",
            String.valueOf(cause));
  }

  @Override
  public void compared(String cache) {
    ProblemLog problem = failures.get(cache);
    if (problem != null) {
      problem.end();
    }
  }

  @Override
  public void incomparable(String cache, Class<?> type) {
    if (told.add("incomparable:" + cache)) {
      log.warn(
          "Values of cache '{}' cannot be compared: two reads of its SourceOfTruth bean in a row"
              + " gave values of {} that are not the same. Give that class an equals method, or"
              + " override same() of the bean",
          cache,
          type.getName());
    }
  }
}
