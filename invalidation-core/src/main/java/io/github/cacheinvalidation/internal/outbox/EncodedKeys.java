package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.PackedNumbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of one cache in one message, as they gather. */
final class EncodedKeys {

  private final List<byte[]> fragments = new ArrayList<>();

  private final PackedNumbers packed = new PackedNumbers();

  private int fragmentBytes;

  /** Adds a key; a number is packed, everything else is a fragment of JSON. */
  void add(byte[] fragment, @Nullable Number number) {
    if (number != null) {
      packed.add(number.longValue());
    } else {
      fragments.add(fragment);
      fragmentBytes += fragment.length + 1;
    }
  }

  int count() {
    return fragments.size() + packed.count();
  }

  /** Returns how many bytes there are at most, commas included. */
  int mostBytes() {
    return fragmentBytes + (packed.count() == 0 ? 0 : packed.mostBytesWithOneMore());
  }

  /** The same with one more key: a fragment, or without one a number. */
  int mostBytesWith(byte[] fragment) {
    boolean anyPacked = packed.count() > 0 || fragment.length == 0;
    return fragmentBytes
        + (fragment.length == 0 ? 0 : fragment.length + 1)
        + (anyPacked ? packed.mostBytesWithOneMore() : 0);
  }

  Invalidation.Keys<byte[]> toWire(String cache) {
    if (packed.count() == 0) {
      return new Invalidation.Keys<>(cache, fragments);
    }
    List<byte[]> all = new ArrayList<>(fragments);
    all.add(packed.toWire());
    return new Invalidation.Keys<>(cache, all);
  }
}
