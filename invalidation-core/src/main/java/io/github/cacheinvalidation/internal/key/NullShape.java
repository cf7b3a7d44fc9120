package io.github.cacheinvalidation.internal.key;

import org.jspecify.annotations.Nullable;

/** The shape of a part that has been null so far. */
record NullShape() implements Shape {

  @Override
  public boolean covers(Object key) {
    return false;
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    return key == WireValue.Null.NULL ? null : NO_KEY;
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
