package io.github.cacheinvalidation.internal.key;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Reads the elements of Spring's {@link SimpleKey}, which has no accessor for them. This class
 * avoids reflection, which would need a hint for native images. A {@code SimpleKey} compares its
 * elements one by one with the elements of another key. So this class compares the key with one
 * whose elements record the values that they are compared with.
 */
final class SimpleKeys {

  /** The most parameters of a method. Keys with more elements are not read. */
  static final int MOST_ELEMENTS = 255;

  /** The key at index n is equal to every key with n elements. */
  private static final SimpleKey[] ANY_OF_LENGTH = anyOfLength(16);

  private SimpleKeys() {}

  /** Returns the elements of a key, or null if there are more than {@link #MOST_ELEMENTS}. */
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

  /** An object that is equal to every value. */
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

  /** Equal to every value; records the value it is compared with. Confined to one thread. */
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
