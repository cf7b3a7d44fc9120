package io.github.cacheinvalidation.internal.key;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds a key from the wire keys of its parts. */
final class KeyParts {

  private KeyParts() {}

  /**
   * Builds the parts of a key and then the key.
   *
   * @param shapes the shapes of the parts; fewer shapes are repeated
   * @param creator creates a key from its parts
   * @return the result of {@link Shape#build}: {@link Shape#NO_KEY} if a part is none, else {@link
   *     Shape#UNBUILDABLE} if a part is
   */
  static Object build(
      List<? extends Shape> shapes,
      List<WireKey> parts,
      boolean open,
      Function<? super @Nullable Object[], Object> creator) {
    @Nullable Object[] built = new @Nullable Object[parts.size()];
    boolean unbuildable = false;
    boolean ambiguous = false;
    int next = 0;
    for (int i = 0; i < built.length; i++) {
      Object part = shapes.get(next).buildPart(parts.get(i), open);
      next = next + 1 == shapes.size() ? 0 : next + 1;
      if (part == Shape.NO_KEY) {
        return Shape.NO_KEY;
      }
      unbuildable |= part == Shape.UNBUILDABLE;
      ambiguous |= part instanceof PossibleKeys;
      built[i] = part;
    }
    if (unbuildable) {
      return Shape.UNBUILDABLE;
    }
    return ambiguous ? PossibleKeys.create(built, creator) : creator.apply(built);
  }
}
