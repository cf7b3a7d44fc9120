package io.github.cacheinvalidation.benchmarks.jmh;

import io.github.cacheinvalidation.internal.key.KeyEncoder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Keys that are texts. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ApplyTexts extends Applying {

  private final KeyEncoder encoder = new KeyEncoder(List.of());

  @Override
  Object key(Long number) {
    return "product-" + number;
  }

  @Override
  List<byte[]> fragments(List<Object> batch) {
    return batch.stream().map(key -> Objects.requireNonNull(encoder.encode(key))).toList();
  }
}
