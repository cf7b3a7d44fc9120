package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the application's codec for the type of a key. */
final class Codecs {

  private final List<KeyCodec<?>> codecs;
  private final Map<Class<?>, KeyCodec<?>> byType = new HashMap<>();

  Codecs(List<? extends KeyCodec<?>> codecs) {
    this.codecs = List.copyOf(codecs);
    Set<String> names = new HashSet<>();
    for (KeyCodec<?> codec : this.codecs) {
      if (codec.type().isPrimitive()) {
        throw new IllegalArgumentException(
            "the type of key codec '%s' is the primitive '%s': use its wrapper class"
                .formatted(codec.name(), codec.type()));
      }
      if (!names.add(codec.name())) {
        throw new IllegalArgumentException(
            "two key codecs have the name '%s': give each KeyCodec a name of its own"
                .formatted(codec.name()));
      }
      KeyCodec<?> other = byType.put(codec.type(), codec);
      if (other != null) {
        throw new IllegalArgumentException(
            "the key codecs '%s' and '%s' both encode '%s': keep one KeyCodec for each type"
                .formatted(other.name(), codec.name(), codec.type().getName()));
      }
    }
  }

  /** Returns the codec of the type itself, else the first codec of a supertype, else null. */
  @Nullable KeyCodec<?> of(Class<?> type) {
    if (codecs.isEmpty()) {
      return null;
    }
    KeyCodec<?> exact = byType.get(type);
    if (exact != null) {
      return exact;
    }
    for (KeyCodec<?> codec : codecs) {
      if (codec.type().isAssignableFrom(type)) {
        return codec;
      }
    }
    return null;
  }

  /** Returns whether there is a codec for a subtype of this declared type. */
  boolean anyBelow(Class<?> type) {
    for (KeyCodec<?> codec : codecs) {
      if (codec.type() != type && type.isAssignableFrom(codec.type())) {
        return true;
      }
    }
    return false;
  }

  static <T> String encode(KeyCodec<T> codec, Object key) {
    return codec.encode(codec.type().cast(key));
  }
}
