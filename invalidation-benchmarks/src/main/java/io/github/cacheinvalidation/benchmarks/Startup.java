package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.benchmarks.jmh.Application;
import java.util.List;

/**
 * The start of an application's context, with the starter and without it, in fresh JVMs. A whole
 * run takes more rounds of it than of others: starts spread by more than what is to be shown.
 */
public final class Startup {

  private Startup() {}

  static List<Row> measure(Server server, Options options) {
    int rounds = options.quick() ? options.rounds() : 2 * options.rounds();
    double[] ours = new double[rounds];
    double[] other = new double[rounds];
    String redis = "spring.data.redis.port=" + server.port();
    for (int round = -1; round < rounds; round++) {
      double mine = Children.run(Startup.class, List.of(), redis);
      double others =
          Children.runWithoutOurs(Startup.class, List.of(), redis, "spring.cache.type=caffeine");
      if (round >= 0) {
        ours[round] = mine;
        other[round] = others;
      }
    }
    return List.of(
        Row.pairedDifference("startup", "ms", ours, other, Target.atMost(150, "ms more")));
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
