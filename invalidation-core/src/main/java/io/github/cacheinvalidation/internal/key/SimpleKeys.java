package io.github.cacheinvalidation.internal.key;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Takes Spring's {@link SimpleKey} apart, which has no accessor for its elements. It does so
 * without reflection, which a native image would have to be told of: a {@code SimpleKey} compares
 * its elements one by one with those of another key, so a key whose elements note what they are
 * compared with learns all elements of the other.
 */
final class SimpleKeys {

  /** As many parameters as a method can have. A key with more elements is not taken apart. */
  static final int MOST_ELEMENTS = 255;

  /** At each index a key that is equal to every key with that many elements. */
  private static final SimpleKey[] ANY_OF_LENGTH = anyOfLength(16);

  private SimpleKeys() {}

  /** Returns the elements of a key, or null if there are too many. */
  static @Nullable Object @Nullable [] elements(SimpleKey key) {
    int length = length(key);
    if (length < 0) {
      return null;
    }
    @Nullable Object[] elements = new @Nullable Object[length];
    Object[] notes = new Object[length];
    Arrays.setAll(notes, index -> new Note(elements, index));
    return new SimpleKey(notes).equals(key) ? elements : null;
  }

  private static int length(SimpleKey key) {
    for (int length = 0; length <= MOST_ELEMENTS; length++) {
      SimpleKey any = length < ANY_OF_LENGTH.length ? ANY_OF_LENGTH[length] : anyOf(length);
      if (any.equals(key)) {
        return length;
      }
    }
    return -1;
  }

  private static SimpleKey[] anyOfLength(int lengths) {
    SimpleKey[] keys = new SimpleKey[lengths];
    Arrays.setAll(keys, SimpleKeys::anyOf);
    return keys;
  }

  private static SimpleKey anyOf(int length) {
    Object[] elements = new Object[length];
    Arrays.fill(elements, new Any());
    return new SimpleKey(elements);
  }

  /** Is equal to everything. */
  private static final class Any {

    @Override
    public boolean equals(@Nullable Object other) {
      return true;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** Is equal to everything, and notes it. Confined to the thread that compares. */
  private static final class Note {

    private final @Nullable Object[] elements;

    private final int index;

    Note(@Nullable Object[] elements, int index) {
      this.elements = elements;
      this.index = index;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      elements[index] = other;
      return true;
    }

    @Override
    public int hashCode() {
      return index;
    }
  }
}
