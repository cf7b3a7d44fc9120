package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.benchmarks.jmh.Application;
import java.util.ArrayList;
import java.util.List;

/**
 * The start of an application context with and without the starter, in fresh JVMs that alternate in
 * order. A full run has more rounds than other groups, because starts vary more than the measured
 * difference.
 */
public final class Startup {

  /** A fast machine runs further rounds until this time has passed. */
  private static final long ENOUGH_NANOS = 60_000_000_000L;

  /** Spring Boot makes a pool if its library is there, which Jedis needs and Lettuce does not. */
  private static final String WITHOUT_POOL = "spring.data.redis.lettuce.pool.enabled=false";

  private static final List<String> OURS =
      List.of("invalidation-core", "invalidation-spring-boot-starter");

  private final PackedClassPath classPath = PackedClassPath.create();

  private final String redis;

  private Startup(Server server) {
    redis = "spring.data.redis.port=" + server.port();
  }

  static List<Row> measure(Server server, Options options) {
    return new Startup(server).measure(options);
  }

  private List<Row> measure(Options options) {
    int rounds = options.quick() ? options.rounds() : 2 * options.rounds();
    long enough = options.quick() ? 0 : ENOUGH_NANOS;
    start();
    startWithoutOurs();
    List<Double> ours = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    long begin = System.nanoTime();
    while (ours.size() < rounds || ours.size() % 2 != 0 || System.nanoTime() - begin < enough) {
      if (ours.size() % 2 == 0) {
        ours.add(start());
        other.add(startWithoutOurs());
      } else {
        other.add(startWithoutOurs());
        ours.add(start());
      }
    }
    return List.of(
        Row.pairedDifference(
            "startup", "ms", array(ours), array(other), Target.atMost(150, "ms more")));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double start() {
    return Children.runWith(classPath.all(), Startup.class, List.of(), redis, WITHOUT_POOL);
  }

  private double startWithoutOurs() {
    return Children.runWith(
        classPath.without(OURS),
        Startup.class,
        List.of(),
        redis,
        WITHOUT_POOL,
        "spring.cache.type=caffeine");
  }

  /** Prints the milliseconds of the start. The arguments are properties. */
  public static void main(String[] arguments) {
    long begin = System.nanoTime();
    var context = Application.start(arguments);
    double millis = (System.nanoTime() - begin) / 1e6;
    context.close();
    System.out.println(millis);
    System.exit(0);
  }
}
