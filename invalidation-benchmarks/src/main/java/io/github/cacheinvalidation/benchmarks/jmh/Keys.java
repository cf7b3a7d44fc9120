package io.github.cacheinvalidation.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Typical keys, in an order that no prefetcher predicts. */
final class Keys {

  private Keys() {}

  static Long[] shuffled(int count) {
    List<Long> keys = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      keys.add(1_000_000 + i);
    }
    Collections.shuffle(keys, new Random(1));
    return keys.toArray(new Long[0]);
  }
}
