package io.github.cacheinvalidation.internal.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws keys of one cache at random. A pass over all keys takes a sample of them, each key with the
 * same probability; then they are drawn from the sample until it is empty. So the cost of a pass is
 * spread over many draws, and the keys of a small cache are all drawn in turn. For one thread.
 */
final class KeySample {

  private static final int MOST = 64;

  private final List<Object> keys = new ArrayList<>(MOST);

  private final RandomGenerator random;

  KeySample(RandomGenerator random) {
    this.random = random;
  }

  /** Returns a key, which may have left the cache meanwhile; null if there is none. */
  @Nullable Object draw(Set<Object> all) {
    if (keys.isEmpty()) {
      fill(all);
    }
    if (keys.isEmpty()) {
      return null;
    }
    int last = keys.size() - 1;
    Collections.swap(keys, random.nextInt(keys.size()), last);
    return keys.remove(last);
  }

  private void fill(Set<Object> all) {
    long seen = 0;
    for (Object key : all) {
      seen++;
      if (keys.size() < MOST) {
        keys.add(key);
      } else {
        long place = random.nextLong(seen);
        if (place < MOST) {
          keys.set((int) place, key);
        }
      }
    }
  }
}
