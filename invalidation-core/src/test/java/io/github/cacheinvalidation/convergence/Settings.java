package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One run. The seed decides the random choices of every thread, but not how the threads take turns.
 * A seed therefore repeats a kind of run, not each step of it.
 *
 * @param seed where all random decisions come from
 * @param nodes how many nodes
 * @param time how long to run at least, in rounds of writes and faults with a healing at the end
 * @param feeds how nodes hear of messages, in turns: with two, each second node has the second
 * @param channels the channels of the caches, unless the sabotage gives a node others
 * @param sabotage the planted fault of the nodes
 * @param history keeps the last events
 * @param counters counts the events
 */
record Settings(
    long seed,
    int nodes,
    Duration time,
    List<FeedKind> feeds,
    Channels channels,
    Sabotage sabotage,
    History history,
    Counters counters) {

  static final int MOST_NODES = 4;

  /** The staleness bound of all caches. */
  static final Duration BOUND = Duration.ofSeconds(1);

  static final Duration PATIENCE = Duration.ofSeconds(20);

  Settings(
      long seed,
      int nodes,
      Duration time,
      List<FeedKind> feeds,
      Channels channels,
      Sabotage sabotage) {
    this(seed, nodes, time, feeds, channels, sabotage, new History(), new Counters());
  }

  FeedKind feed(int node) {
    return feeds.get(node % feeds.size());
  }

  Channels channels(int node) {
    return sabotage.channels(node, channels);
  }

  /** Says how to run the same again. */
  String toRepeat() {
    return "seed "
        + seed
        + ", "
        + nodes
        + " nodes, bound "
        + BOUND.toMillis()
        + " ms, "
        + sabotage
        + "; to repeat: ./mvnw -pl invalidation-core test -Dtest=ConvergenceTest"
        + " -Dconvergence.feeds="
        + feeds.stream().map(FeedKind::name).collect(Collectors.joining(","))
        + " -Dconvergence.channels="
        + channels
        + " -Dconvergence.seed="
        + seed
        + (time.compareTo(Duration.ofMinutes(1)) < 0
            ? ""
            : " -Dconvergence.minutes=" + time.toMinutes());
  }
}
