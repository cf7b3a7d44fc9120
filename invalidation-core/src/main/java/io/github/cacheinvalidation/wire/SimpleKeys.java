package io.github.cacheinvalidation.wire;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Takes Spring's {@link SimpleKey} apart. It keeps its elements in the private field {@code params}
 * and has no accessor for them, so this is the one place that reads a private field of another
 * library. Where that fails, such keys cannot be encoded.
 */
final class SimpleKeys {

  private static final @Nullable Field PARAMS = params();

  private SimpleKeys() {}

  private static @Nullable Field params() {
    try {
      Field field = SimpleKey.class.getDeclaredField("params");
      field.setAccessible(true);
      return field.getType() == Object[].class ? field : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** Returns the elements of a key, not to be changed, or null if they cannot be read. */
  static @Nullable Object @Nullable [] elements(SimpleKey key) {
    if (PARAMS == null) {
      return null;
    }
    try {
      return (@Nullable Object[]) PARAMS.get(key);
    } catch (IllegalAccessException e) {
      return null;
    }
  }
}
