package io.github.cacheinvalidation.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.context.ConfigurableApplicationContext;

/** A {@code @Cacheable} method whose value is there, through its proxy. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitAnnotated {

  /** With the starter. */
  public static final String OURS = "invalidation.transport=local";

  /** With Boot's Caffeine manager. */
  public static final String PLAIN = "spring.cache.type=caffeine";

  private static final int COUNT = 4096;

  /** What makes the application one or the other. */
  @Param({OURS, PLAIN})
  public String property;

  private final Long[] keys = Keys.shuffled(COUNT);
  private ConfigurableApplicationContext context;
  private Application.Products products;
  private int next;

  /** Starts the application and has every key loaded. */
  @Setup
  public void start() {
    context = Application.start(property);
    products = context.getBean(Application.Products.class);
    for (Long key : keys) {
      products.find(key);
    }
  }

  /** Stops the application. */
  @TearDown
  public void close() {
    context.close();
  }

  /** A hit. What joining has cleared is loaded again in the first microseconds of warming up. */
  @Benchmark
  public String hit() {
    return products.find(keys[next++ & (COUNT - 1)]);
  }
}
