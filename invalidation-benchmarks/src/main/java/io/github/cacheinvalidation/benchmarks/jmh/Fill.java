package io.github.cacheinvalidation.benchmarks.jmh;

import io.github.cacheinvalidation.internal.cache.ViewResolver;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;

/** A miss and its fill, with a load that does nothing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Fill {

  private static final int COUNT = 20_000;

  private final Long[] keys = Keys.shuffled(COUNT);
  private Node node;
  private Cache ours;
  private Cache plain;
  private CacheResolver oursResolver;
  private CacheResolver plainResolver;
  private CacheOperationInvocationContext<CacheableOperation> invocation;

  /** Creates the caches. */
  @Setup
  public void create() {
    node = new Node();
    ours = node.cache();
    plain = Node.plain();
    oursResolver = new ViewResolver(context -> List.of(ours));
    plainResolver = context -> List.of(plain);
    invocation = new Invocation(cacheable());
  }

  private static CacheableOperation cacheable() {
    CacheableOperation.Builder builder = new CacheableOperation.Builder();
    builder.setName("find");
    builder.setCacheName(Node.CACHE);
    return builder.build();
  }

  private record Invocation(CacheableOperation operation)
      implements CacheOperationInvocationContext<CacheableOperation> {

    @Override
    public CacheableOperation getOperation() {
      return operation;
    }

    @Override
    public Object getTarget() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Method getMethod() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object[] getArgs() {
      throw new UnsupportedOperationException();
    }
  }

  /** Empties the caches but keeps their tables. */
  @Setup(Level.Invocation)
  public void empty() {
    for (Cache cache : List.of(ours, plain)) {
      ((com.github.benmanes.caffeine.cache.Cache<?, ?>) cache.getNativeCache()).invalidateAll();
    }
  }

  /** Stops the node. */
  @TearDown
  public void close() {
    node.close();
  }

  /** Calls a resolver, {@code get} and {@code put} of the cache, as Spring does. */
  private void fill(CacheResolver resolver) {
    for (Long key : keys) {
      Cache cache = resolver.resolveCaches(invocation).iterator().next();
      if (cache.get(key) == null) {
        cache.put(key, "value");
      }
    }
  }

  /** Calls the cache as Spring does for {@code sync = true}. */
  private void fillSync(Cache cache) {
    for (Long key : keys) {
      cache.get(key, () -> "value");
    }
  }

  /** Ours. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void ours() {
    fill(oursResolver);
  }

  /** Spring's {@code CaffeineCache}. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void plain() {
    fill(plainResolver);
  }

  /** Ours, {@code sync = true}. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void oursSync() {
    fillSync(ours);
  }

  /** Spring's {@code CaffeineCache}, {@code sync = true}. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void plainSync() {
    fillSync(plain);
  }
}
