package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.PackedNumbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the encoded keys of one cache for one message. */
final class EncodedKeys {

  private final List<byte[]> fragments = new ArrayList<>();

  private final PackedNumbers packed = new PackedNumbers();

  private int fragmentBytes;

  /** Adds a key: a number to the packed numbers, any other key as a fragment of JSON. */
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

  /** Returns an upper bound of the length in bytes, commas included. */
  int mostBytes() {
    return fragmentBytes + (packed.count() == 0 ? 0 : packed.mostBytesWithOneMore());
  }

  /** Returns the same bound with one more key: a fragment, or a number if that is empty. */
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
