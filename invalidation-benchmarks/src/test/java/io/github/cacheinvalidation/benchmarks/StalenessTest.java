package io.github.cacheinvalidation.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.cacheinvalidation.benchmarks.Staleness.Situation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of stale reads, and what is judged of them; no test runs a benchmark. */
class StalenessTest {

  private static final int KEY = 3;

  private static final int WINDOWS = 5;

  private final Freshness source = new Freshness(10);

  private long write(long returnedNanos) {
    long version = source.change(KEY);
    source.returned(KEY, version, returnedNanos);
    return version;
  }

  // The judge

  @Test
  void readOfTheNewestVersion_isFresh() {
    long version = write(100);

    assertThat(source.load(KEY)).isEqualTo(version);
    assertThat(source.ageNanos(KEY, source.expected(KEY), version, 500)).isEqualTo(Freshness.FRESH);
  }

  @Test
  void readThatBeganBeforeTheWriteReturned_isFresh() {
    source.change(KEY);
    long expected = source.expected(KEY);

    source.returned(KEY, 1, 100);

    assertThat(source.ageNanos(KEY, expected, 0, 90)).isEqualTo(Freshness.FRESH);
  }

  @Test
  void readOfAVersionWhoseWriteHasNotReturned_isFresh() {
    write(100);
    long version = source.change(KEY);

    assertThat(source.ageNanos(KEY, source.expected(KEY), version, 500)).isEqualTo(Freshness.FRESH);
  }

  @Test
  void staleRead_isAsOldAsTheFirstWriteThatItMissed() {
    write(100);
    long read = write(200);
    write(300);
    write(400);

    assertThat(source.ageNanos(KEY, source.expected(KEY), read, 1_000)).isEqualTo(700);
    assertThat(source.ageNanos(KEY, source.expected(KEY), 0, 1_000)).isEqualTo(900);
  }

  @Test
  void keyThatWasNeverWritten_isFresh() {
    write(100);

    assertThat(source.ageNanos(KEY + 1, source.expected(KEY + 1), 0, 500))
        .isEqualTo(Freshness.FRESH);
  }

  @Test
  void moreVersionsThanAreRemembered_voidTheRun() {
    assertThatThrownBy(() -> source.returned(KEY, 1_024, 1)).isInstanceOf(VoidRunException.class);
  }

  // The figures of a run

  @Test
  void shareAndAges_areThoseOfAllReaders() {
    StaleReads.Reader first = new StaleReads.Reader(WINDOWS);
    StaleReads.Reader second = new StaleReads.Reader(WINDOWS);
    for (int i = 0; i < 98; i++) {
      first.add(i % WINDOWS, Freshness.FRESH);
    }
    first.add(0, 2_000_000);
    second.add(4, 4_000_000);

    StaleReads reads = StaleReads.of(List.of(first, second), 7, 0);

    assertThat(reads.share()).isCloseTo(2, within(1e-9));
    assertThat(reads.p50()).isEqualTo(3);
    assertThat(reads.max()).isEqualTo(4);
    assertThat(reads.left()).isEqualTo(7);
    assertThat(reads.shares()).hasSize(WINDOWS);
    assertThat(reads.shares()[1]).isZero();
    assertThat(reads.shares()[0]).isPositive();
  }

  @Test
  void manyStaleReads_areAllKept() {
    StaleReads.Reader reader = new StaleReads.Reader(1);
    for (int i = 1; i <= 3_000; i++) {
      reader.add(0, i * 1_000_000L);
    }

    StaleReads reads = StaleReads.of(List.of(reader), 0, 0);
    assertThat(reads.p50()).as("of the first and the last").isCloseTo(1_500, within(1.0));
    assertThat(reads.max()).isEqualTo(3_000);
  }

  @Test
  void runWithoutReads_isVoid() {
    List<StaleReads.Reader> none = List.of(new StaleReads.Reader(WINDOWS));
    assertThatThrownBy(() -> StaleReads.of(none, 0, 0)).isInstanceOf(VoidRunException.class);
  }

  // What is judged

  private static StaleReads reads(double share, double max, int left) {
    return new StaleReads(share, new double[] {share}, max / 2, max, max, left, 0);
  }

  private static Map<String, StaleReads> results(
      StaleReads async, StaleReads await, StaleReads blocking, StaleReads other) {
    Map<String, StaleReads> results = new LinkedHashMap<>();
    results.put(Staleness.ASYNC, async);
    results.put(Staleness.AWAIT, await);
    results.put(Staleness.BLOCKING, blocking);
    results.put("other", other);
    return results;
  }

  private static String met(Situation situation, Map<String, StaleReads> results, String figure) {
    return StalenessRows.of(Map.of(situation, results)).stream()
        .filter(row -> row.figure().equals("stale reads, " + situation + ": " + figure))
        .map(Row::met)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void defaultMode_mayBeStaleAsOftenAsTheBlockingPublish_andWaitingHalfAsOften() {
    StaleReads blocking = reads(0.04, 2_000, 3);
    StaleReads other = reads(0.05, 2_000, 0);
    Map<String, StaleReads> good = results(reads(0.04, 9, 0), reads(0.02, 9, 0), blocking, other);
    Map<String, StaleReads> bad = results(reads(0.041, 9, 1), reads(0.021, 9, 0), blocking, other);

    assertThat(met(Situation.CALM, good, "async to blocking publish")).isEqualTo("yes");
    assertThat(met(Situation.CALM, good, "await to blocking publish")).isEqualTo("yes");
    assertThat(met(Situation.CALM, good, "left, async")).isEqualTo("yes");
    assertThat(met(Situation.CALM, bad, "async to blocking publish")).isEqualTo("no");
    assertThat(met(Situation.CALM, bad, "await to blocking publish")).isEqualTo("no");
    assertThat(met(Situation.CALM, bad, "left, async")).isEqualTo("no");
  }

  @Test
  void oldestRead_isJudgedAgainstPeersThatKeptSomethingStale() {
    StaleReads ours = reads(0.04, 100, 0);
    Map<String, StaleReads> results =
        results(ours, ours, reads(0.1, 2_000, 0), reads(0.1, StalenessRows.LOST_MILLIS - 1, 0));
    Map<String, StaleReads> missed =
        results(reads(0.04, 101, 0), ours, reads(0.1, 2_000, 0), reads(0.1, 9, 0));

    assertThat(met(Situation.CALM, results, "oldest, async to blocking publish")).isEqualTo("yes");
    assertThat(met(Situation.CALM, results, "oldest, async to other")).isEqualTo("-");
    assertThat(met(Situation.CALM, missed, "oldest, async to blocking publish")).isEqualTo("no");
  }

  @Test
  void whileANodeIsCutOff_neitherItsAgeNorWaitingIsJudged() {
    StaleReads ours = reads(0.5, 2_500, 0);
    Map<String, StaleReads> results =
        results(ours, ours, reads(0.6, 8_000, 9), reads(0.6, 8_000, 9));

    assertThat(met(Situation.CUT_OFF, results, "async to blocking publish")).isEqualTo("yes");
    assertThat(met(Situation.CUT_OFF, results, "await to blocking publish")).isEqualTo("-");
    assertThat(met(Situation.CUT_OFF, results, "oldest, async to other")).isEqualTo("-");
    assertThat(met(Situation.CUT_OFF, results, "left, async")).isEqualTo("yes");
  }

  @Test
  void table_hasALineForEachContestantInEachSituation() {
    StaleReads reads = reads(0.0432, 12, 0);
    String table =
        StalenessRows.table(Map.of(Situation.KILLED, results(reads, reads, reads, reads)));

    assertThat(table.lines()).hasSize(5);
    assertThat(table).contains("subscribers killed", "ours async", "0.043 %", "12 ms");
  }
}
