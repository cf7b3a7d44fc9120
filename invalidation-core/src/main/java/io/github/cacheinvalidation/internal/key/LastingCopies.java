package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/** Copies keys that their caller can change. */
final class LastingCopies {

  /** Whether keys of a class are copied. A test for several interfaces takes longer. */
  private static final ClassValue<Boolean> COPIED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return !type.isRecord()
              && Stream.of(List.class, Set.class, Map.class, Map.Entry.class)
                  .anyMatch(each -> each.isAssignableFrom(type));
        }
      };

  private final Codecs codecs;

  LastingCopies(Codecs codecs) {
    this.codecs = codecs;
  }

  /** Returns an equal copy, or the key itself if no copy is needed or the copy is not equal. */
  Object of(Object key) {
    if (key.getClass() == SimpleKey.class) {
      return ofSimpleKey((SimpleKey) key);
    }
    if (!COPIED.get(key.getClass()) || codecs.of(key.getClass()) != null) {
      return key;
    }
    Object copy = copy(key);
    return KeyWriter.isReadAs(key, copy) ? copy : key;
  }

  private Object copy(Object key) {
    if (key instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(each -> copy.add(part(each)));
      return Collections.unmodifiableList(copy);
    }
    if (key instanceof Set<?> set) {
      List<@Nullable Object> copy = new ArrayList<>(set.size());
      set.forEach(each -> copy.add(part(each)));
      return SetShape.create(copy.toArray());
    }
    if (key instanceof Map<?, ?> map) {
      List<@Nullable Object> copy = new ArrayList<>(2 * map.size());
      for (Map.Entry<?, ?> each : map.entrySet()) {
        copy.add(part(each.getKey()));
        copy.add(part(each.getValue()));
      }
      return MapShape.create(copy.toArray());
    }
    Map.Entry<?, ?> entry = (Map.Entry<?, ?>) key;
    return EntryShape.create(new @Nullable Object[] {part(entry.getKey()), part(entry.getValue())});
  }

  private @Nullable Object part(@Nullable Object part) {
    return part == null ? null : of(part);
  }

  private SimpleKey ofSimpleKey(SimpleKey key) {
    @Nullable Object[] elements = SimpleKeys.elements(key);
    if (elements == null || !isChangeable(elements)) {
      return key;
    }
    Arrays.setAll(elements, index -> element(elements[index]));
    return new SimpleKey(elements);
  }

  private static boolean isChangeable(@Nullable Object[] elements) {
    for (Object each : elements) {
      if (each != null
          && (COPIED.get(each.getClass())
              || each.getClass() == SimpleKey.class
              || each.getClass().isArray())) {
        return true;
      }
    }
    return false;
  }

  /** Copies arrays too: a {@code SimpleKey} compares their elements. */
  private @Nullable Object element(@Nullable Object element) {
    if (element == null || !element.getClass().isArray()) {
      return part(element);
    }
    Class<?> type = element.getClass().getComponentType();
    int length = Array.getLength(element);
    Object copy = Array.newInstance(type, length);
    System.arraycopy(element, 0, copy, 0, length);
    for (int i = 0; i < length && !type.isPrimitive(); i++) {
      Object each = element(Array.get(copy, i));
      if (type.isInstance(each)) {
        Array.set(copy, i, each);
      }
    }
    return copy;
  }
}
