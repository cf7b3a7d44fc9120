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

/** A hit of a {@code @Cacheable} method, through its proxy. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitAnnotated {

  /** The application with the starter. */
  public static final String OURS = "invalidation.transport=local";

  /** The application with the Caffeine cache manager of Spring Boot. */
  public static final String PLAIN = "spring.cache.type=caffeine";

  private static final int COUNT = 4096;

  /** Selects one of the two applications. */
  @Param({OURS, PLAIN})
  public String property;

  private final Long[] keys = Keys.shuffled(COUNT);
  private ConfigurableApplicationContext context;
  private Application.Products products;
  private int next;

  /** Starts the application and loads every key. */
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

  /** A hit. Entries that the join has cleared are loaded again at the beginning of the warm-up. */
  @Benchmark
  public String hit() {
    return products.find(keys[next++ & (COUNT - 1)]);
  }
}
