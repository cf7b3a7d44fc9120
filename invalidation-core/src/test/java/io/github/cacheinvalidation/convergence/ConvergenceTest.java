package io.github.cacheinvalidation.convergence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads, writes and faults at random, and a judge. Every build has a short run over each feed with
 * one channel, and one over Pub/Sub with two channels, with another seed each time. A long run is
 * {@code ./mvnw -pl invalidation-core test -Dtest=ConvergenceTest -Dconvergence.minutes=30
 * -Dconvergence.feeds=PUBSUB}; {@code PUBSUB,STREAM} gives each second node the second feed, and
 * {@code -Dconvergence.channels=TWO} gives the caches two channels. {@code -Dconvergence.seed=N}
 * repeats the decisions of a run, but not how its threads took turns.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // a run lasts as long as it was told to
@Tag("convergence")
@Tag("G1")
@Tag("G2")
@Tag("G3")
@Tag("G4")
@Tag("G5")
class ConvergenceTest {

  private static final Duration SHORT = Duration.ofSeconds(15);

  private static final Duration LONGEST_TO_CATCH = Duration.ofSeconds(60);

  private static long seed() {
    Long given = Long.getLong("convergence.seed");
    return given == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : given;
  }

  private static Duration time() {
    return Duration.ofSeconds(
        Math.max(SHORT.toSeconds(), 60L * Integer.getInteger("convergence.minutes", 0)));
  }

  /** The feeds of the nodes in turns, and the channels of their caches. */
  static Stream<Arguments> feedsAndChannels() {
    String feeds = System.getProperty("convergence.feeds");
    String channels = System.getProperty("convergence.channels");
    List<List<FeedKind>> chosen =
        feeds == null
            ? Stream.of(FeedKind.values()).map(List::of).toList()
            : List.of(Stream.of(feeds.split(",", -1)).map(FeedKind::valueOf).toList());
    Channels given = channels == null ? Channels.ONE : Channels.valueOf(channels);
    Stream<Arguments> runs = chosen.stream().map(each -> Arguments.of(each, given));
    return feeds == null && channels == null
        ? Stream.concat(runs, Stream.of(Arguments.of(List.of(FeedKind.PUBSUB), Channels.TWO)))
        : runs;
  }

  @ParameterizedTest
  @MethodSource("feedsAndChannels")
  void allNodes_keepEveryPromiseUnderEveryFault(List<FeedKind> feeds, Channels channels)
      throws Exception {
    Settings settings = new Settings(seed(), 4, time(), feeds, channels, Sabotage.NONE);
    System.out.println("Convergence: " + settings.toRepeat());
    try (Run run = new Run(settings)) {
      long end = System.nanoTime() + settings.time().toNanos();
      run.until(
          () -> run.judge().hasViolation() || (end - System.nanoTime() < 0 && run.hadAllFaults()));

      System.out.println(run.report());
      assertThat(run.judge().violations().values())
          .as("violations; %s", run.report())
          .extracting(Judge.Violation::text)
          .isEmpty();
      assertThatAllHappened(settings.counters());
    }
  }

  private static void assertThatAllHappened(Counters counters) {
    for (Reads.Path path : Reads.Path.values()) {
      for (Reads.Around around : Reads.Around.values()) {
        String name = Reads.counted(path, around);
        assertThat(counters.get("reads", name)).as("reads by %s", name).isPositive();
      }
    }
    for (Writes.Kind kind : Writes.Kind.values()) {
      assertThat(counters.get("writes", kind.name())).as("writes by %s", kind).isPositive();
    }
    for (CommittedElsewhere.Way way : CommittedElsewhere.Way.values()) {
      assertThat(counters.get(CommittedElsewhere.COMMITTED, way.name()))
          .as("commits inside a transaction by %s", way)
          .isPositive();
    }
    for (CommittedElsewhere.Told told : CommittedElsewhere.Told.values()) {
      assertThat(counters.get(CommittedElsewhere.TOLD, told.name()))
          .as("commits inside a transaction told by %s", told)
          .isPositive();
    }
    for (String cache : new String[] {Key.PRODUCT_CACHE, Key.LIST_CACHE}) {
      assertThat(counters.get("reads of", cache)).as("reads of %s", cache).isPositive();
    }
    assertThat(counters.get("judge of the node", "compared")).as("comparisons").isPositive();
    assertThat(counters.get("faults", "failing loader")).as("failing loaders").isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_FENCE, ONE, G1",
    "NO_CHECK, ONE, G4",
    "BEFORE_COMMIT, ONE, G2",
    "CACHE_CHANNEL_IGNORED, TWO, G4"
  })
  void brokenNodes_areCaught(Sabotage sabotage, Channels channels, String promise)
      throws Exception {
    Settings settings =
        new Settings(seed(), 3, LONGEST_TO_CATCH, List.of(FeedKind.PUBSUB), channels, sabotage);
    try (Run run = new Run(settings)) {
      long begin = System.nanoTime();
      run.until(
          () ->
              run.judge().violations().containsKey(promise)
                  || System.nanoTime() - begin > settings.time().toNanos());

      System.out.printf(
          "Convergence: %s caught by %s after %d ms%n",
          sabotage, promise, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      assertThat(run.judge().violations()).as(settings.toRepeat()).containsKey(promise);
    }
  }
}
