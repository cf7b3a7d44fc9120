package io.github.cacheinvalidation.internal.key;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Result of {@link Shape#build}: the wire key can mean each of these keys. For example, it is a set
 * of numbers, and sets with numbers of different widths are used here.
 *
 * @param keys at least two keys
 */
record PossibleKeys(List<Object> keys) {

  /** The most keys that one wire key can mean in one shape. */
  static final int MOST = 64;

  /**
   * Creates a key from its parts. If a part can mean several values, a key is created from each
   * combination.
   *
   * @param parts the parts; a part can be {@link PossibleKeys}
   * @param creator creates one key, or returns {@link Shape#UNBUILDABLE}
   * @return a key, several keys, or {@link Shape#UNBUILDABLE}
   */
  static Object create(
      @Nullable Object[] parts, Function<? super @Nullable Object[], Object> creator) {
    int combinations = 1;
    for (Object part : parts) {
      if (part instanceof PossibleKeys possible) {
        combinations *= possible.keys.size();
        if (combinations > MOST) {
          return Shape.UNBUILDABLE;
        }
      }
    }
    Set<Object> created = new LinkedHashSet<>();
    for (int i = 0; i < combinations; i++) {
      created.add(creator.apply(combination(parts, i)));
    }
    return of(created);
  }

  private static @Nullable Object[] combination(@Nullable Object[] parts, int number) {
    @Nullable Object[] chosen = parts.clone();
    int rest = number;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] instanceof PossibleKeys possible) {
        chosen[i] = possible.keys.get(rest % possible.keys.size());
        rest /= possible.keys.size();
      }
    }
    return chosen;
  }

  /** Returns one result of {@link Shape#build} for the results that two shapes gave. */
  static Object either(Object one, Object other) {
    if (one == Shape.NO_KEY || (one == Shape.UNBUILDABLE && other != Shape.NO_KEY)) {
      return other;
    }
    if (other == Shape.NO_KEY || other == Shape.UNBUILDABLE) {
      return one;
    }
    Set<Object> keys = new LinkedHashSet<>();
    keys.addAll(one instanceof PossibleKeys possible ? possible.keys : List.of(one));
    keys.addAll(other instanceof PossibleKeys possible ? possible.keys : List.of(other));
    return of(keys);
  }

  private static Object of(Set<Object> keys) {
    keys.remove(Shape.UNBUILDABLE);
    return switch (keys.size()) {
      case 0 -> Shape.UNBUILDABLE;
      case 1 -> keys.iterator().next();
      default -> new PossibleKeys(List.copyOf(keys));
    };
  }
}
