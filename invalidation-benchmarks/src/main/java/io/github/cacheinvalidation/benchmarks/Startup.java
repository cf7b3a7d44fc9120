package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.benchmarks.jmh.Application;
import java.util.ArrayList;
import java.util.List;

/**
 * The start of an application's context, with the starter and without it, in fresh JVMs, which take
 * turns to be first. A whole run takes more rounds of it than of others: starts spread by more than
 * what is to be shown.
 */
public final class Startup {

  /** On a fast machine there is time for more rounds. */
  private static final long ENOUGH_NANOS = 60_000_000_000L;

  private Startup() {}

  static List<Row> measure(Server server, Options options) {
    int rounds = options.quick() ? options.rounds() : 2 * options.rounds();
    long enough = options.quick() ? 0 : ENOUGH_NANOS;
    String redis = "spring.data.redis.port=" + server.port();
    start(redis);
    startWithoutOurs(redis);
    List<Double> ours = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    long begin = System.nanoTime();
    while (ours.size() < rounds || ours.size() % 2 != 0 || System.nanoTime() - begin < enough) {
      if (ours.size() % 2 == 0) {
        ours.add(start(redis));
        other.add(startWithoutOurs(redis));
      } else {
        other.add(startWithoutOurs(redis));
        ours.add(start(redis));
      }
    }
    return List.of(
        Row.pairedDifference(
            "startup", "ms", array(ours), array(other), Target.atMost(150, "ms more")));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double start(String redis) {
    return Children.run(Startup.class, List.of(), redis);
  }

  private static double startWithoutOurs(String redis) {
    return Children.runWithoutOurs(Startup.class, List.of(), redis, "spring.cache.type=caffeine");
  }

  /** Prints the milliseconds that the context took. Arguments: properties. */
  public static void main(String[] arguments) {
    long begin = System.nanoTime();
    var context = Application.start(arguments);
    double millis = (System.nanoTime() - begin) / 1e6;
    context.close();
    System.out.println(millis);
    System.exit(0);
  }
}
