package io.github.cacheinvalidation.benchmarks.jmh;

import io.github.cacheinvalidation.internal.key.PackedNumbers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Keys that are whole numbers, which messages contain in packed form. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Apply extends Applying {

  @Override
  Object key(Long number) {
    return number;
  }

  @Override
  List<byte[]> fragments(List<Object> batch) {
    PackedNumbers packed = new PackedNumbers();
    batch.forEach(key -> packed.add((Long) key));
    return List.of(packed.toWire());
  }
}
