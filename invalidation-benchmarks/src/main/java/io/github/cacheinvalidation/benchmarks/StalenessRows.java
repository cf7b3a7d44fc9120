package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.benchmarks.Staleness.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The judged rows of stale reads, and their text table. */
final class StalenessRows {

  /**
   * If the oldest stale read of a peer is younger than this, the peer lost no message and kept no
   * load that overlapped a write. Its figure then shows only the delay of messages, which no
   * implementation reduces by a factor of 20.
   */
  static final double LOST_MILLIS = 1_000;

  private StalenessRows() {}

  static List<Row> of(Map<Situation, Map<String, StaleReads>> all) {
    List<Row> rows = new ArrayList<>();
    all.forEach(
        (situation, results) -> {
          StaleReads async = result(results, Staleness.ASYNC);
          StaleReads await = result(results, Staleness.AWAIT);
          StaleReads blocking = result(results, Staleness.BLOCKING);
          boolean cutOff = situation == Situation.CUT_OFF;
          rows.add(
              share(
                  situation, "async to " + Staleness.BLOCKING, async, blocking, Target.atMost(1)));
          rows.add(
              share(
                  situation,
                  "await to " + Staleness.BLOCKING,
                  await,
                  blocking,
                  cutOff ? Target.none() : Target.atMost(0.5)));
          results.forEach(
              (name, peer) -> {
                if (!name.equals(Staleness.ASYNC) && !name.equals(Staleness.AWAIT)) {
                  rows.add(age(situation, name, async, peer));
                }
              });
          rows.add(left(situation, async, blocking));
        });
    return rows;
  }

  private static StaleReads result(Map<String, StaleReads> results, String name) {
    StaleReads result = results.get(name);
    if (result == null) {
      throw new IllegalArgumentException(
          "There is no result of '" + name + "' in " + results.keySet());
    }
    return result;
  }

  private static Row share(
      Situation situation, String figure, StaleReads ours, StaleReads other, Target target) {
    return new Row(
        "stale reads, %s: %s".formatted(situation, figure),
        "%",
        ours.share(),
        other.share(),
        ours.share() / other.share(),
        target,
        Math.max(ours.spread(), other.spread()));
  }

  /** While a node is cut off, its reads become as old as the cut-off is long, for our nodes too. */
  private static Row age(Situation situation, String name, StaleReads async, StaleReads peer) {
    boolean judged = situation != Situation.CUT_OFF && peer.max() >= LOST_MILLIS;
    return new Row(
        "stale reads, %s: oldest, async to %s".formatted(situation, name),
        "ms",
        async.max(),
        peer.max(),
        async.max() / peer.max(),
        judged ? Target.atMost(1.0 / 20) : Target.none(),
        0);
  }

  private static Row left(Situation situation, StaleReads async, StaleReads blocking) {
    return new Row(
        "stale reads, %s: left, async".formatted(situation),
        "entries",
        async.left(),
        blocking.left(),
        async.left(),
        Target.atMost(0, "left"),
        0);
  }

  /** Returns one line for each contestant in each situation. */
  static String table(Map<Situation, Map<String, StaleReads>> all) {
    StringBuilder text =
        new StringBuilder(
            "%-20s %-18s %9s %9s %9s %9s %6s %7s%n"
                .formatted("stale reads", "", "share", "age p50", "p99", "max", "left", "failed"));
    all.forEach(
        (situation, results) ->
            results.forEach(
                (name, reads) ->
                    text.append(
                        String.format(
                            Locale.ROOT,
                            "%-20s %-18s %7.3f %% %6.1f ms %6.0f ms %6.0f ms %6d %7d%n",
                            situation,
                            name,
                            reads.share(),
                            reads.p50(),
                            reads.p99(),
                            reads.max(),
                            reads.left(),
                            reads.failures()))));
    return text.toString();
  }
}
