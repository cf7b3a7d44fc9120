package io.github.cacheinvalidation.autoconfigure.internal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.Logged;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.judge.JudgeListener.Mismatch;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads about stale entries. */
class LoggingJudgeListenerTest {

  private static final String NODE = " [node n, channel c]";

  private static final KeyEncoder ENCODER = new KeyEncoder(List.of());

  private final Logged logged = new Logged();

  private final RecentMessages recent =
      new RecentMessages(10, ENCODER, () -> Instant.parse("2026-01-31T03:00:00Z"));

  private long nanos;

  @AfterEach
  void close() {
    logged.close();
  }

  private LoggingJudgeListener listener(@Nullable RecentMessages history, boolean showKeys) {
    return new LoggingJudgeListener(
        new NodeLog(
            LoggerFactory.getLogger("io.github.cacheinvalidation.test"), () -> "n", () -> "c"),
        () -> nanos,
        ENCODER,
        () -> history,
        showKeys);
  }

  private static Mismatch mismatch(@Nullable Duration age, boolean evicted) {
    return new Mismatch("products", 7L, Duration.ofSeconds(10), age, evicted);
  }

  private List<String> told() {
    List<String> lines = logged.ours();
    assertThat(lines).allMatch(line -> line.endsWith(NODE));
    return lines.stream().map(line -> line.replace(NODE, "")).toList();
  }

  @Test
  void staleKey_isToldOnceWithItsAgeAndItsHistory() {
    recent.evicted("b/1", "products", List.of(WireKey.text("7")), 1, 0);
    recent.cleared(null, "products", 3);
    LoggingJudgeListener listener = listener(recent, true);

    listener.mismatch(mismatch(Duration.ofSeconds(34), true));
    listener.mismatch(mismatch(Duration.ofSeconds(34), true));

    assertThat(told())
        .containsExactly(
            "WARN Cache 'products' holds a stale value of the key 7: for 10.0 s it has differed"
                + " from its source of truth, and no invalidation of it has arrived. The entry is"
                + " 34.0 s old. It was evicted on this node. Last invalidations that may have named"
                + " it, newest first: 2026-01-31T03:00:00Z by another program, the whole cache,"
                + " entries removed here: 3; 2026-01-31T03:00:00Z by b/1, this key alone, entries"
                + " removed here: 0");
  }

  @Test
  void keyThatMayNotBeShown_isToldByItsHash() {
    listener(recent, false).mismatch(mismatch(null, false));

    assertThat(told())
        .containsExactly(
            "WARN Cache 'products' holds a stale value of the key with hash 7902699be42c8a8e: for"
                + " 10.0 s it has differed from its source of truth, and no invalidation of it has"
                + " arrived. It stays, because invalidation.judge.evict is false. The node"
                + " remembers no invalidation of this key");
  }

  @Test
  void nodeThatRemembersNothing_saysHowToChangeThat() {
    listener(null, true).mismatch(mismatch(null, true));

    assertThat(told())
        .singleElement()
        .asString()
        .endsWith(
            "Expose the endpoint invalidation, so that the node remembers what was invalidated");
  }

  @Test
  void sourceThatFails_isToldOnce_andItsRecoveryToo() {
    LoggingJudgeListener listener = listener(recent, true);

    listener.failed("products", new IllegalStateException("down"));
    listener.failed("products", new IllegalStateException("down"));
    nanos += Duration.ofSeconds(3).toNanos();
    listener.compared("products");
    listener.compared("products");

    assertThat(told())
        .containsExactly(
            "WARN The SourceOfTruth bean of cache 'products' failed, so its values are not"
                + " compared. It must return null for a key without a value. Reason:"
                + " java.lang.IllegalStateException: down",
            "INFO The SourceOfTruth bean of cache 'products' works again after 3.0 s");
  }

  @Test
  void valuesThatCannotBeCompared_areToldOnce() {
    LoggingJudgeListener listener = listener(recent, true);

    listener.incomparable("products", Object.class);
    listener.incomparable("products", Object.class);

    assertThat(told())
        .containsExactly(
            "WARN Values of cache 'products' cannot be compared: two reads of its SourceOfTruth"
                + " bean in a row gave values of java.lang.Object that are not the same. Give that"
                + " class an equals method, or override same() of the bean");
  }
}
