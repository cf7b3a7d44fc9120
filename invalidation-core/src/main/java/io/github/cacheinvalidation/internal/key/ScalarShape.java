package io.github.cacheinvalidation.internal.key;

import org.jspecify.annotations.Nullable;

/** The shape of a scalar. */
record ScalarShape(Class<?> type, ScalarType scalar) implements Shape {

  @Override
  public boolean covers(Object key) {
    return key.getClass() == type;
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    if (open) {
      String text = WireValue.textOf(key);
      Object value = text == null ? null : scalar.read(text);
      return value == null ? NO_KEY : value;
    }
    if (!isForm(key)) {
      return NO_KEY;
    }
    if (key instanceof WireValue.Text text) {
      return text.value();
    }
    if (key instanceof WireValue.Bool bool) {
      return bool.value();
    }
    if (key instanceof WireValue.Tagged tagged) {
      Object value = scalar.read(tagged.text());
      return value == null ? UNBUILDABLE : value;
    }
    Object value = scalar.readNumber(key);
    return value == null ? NO_KEY : value;
  }

  /** Returns the key for a whole number, or null if this type cannot hold the number. */
  @Nullable Object buildWhole(long number) {
    return scalar.form() == ScalarType.Form.INTEGER ? scalar.readWhole(number) : null;
  }

  /** Returns whether a wire key has the JSON form of this scalar. The value does not matter. */
  boolean isForm(WireKey key) {
    return switch (scalar.form()) {
      case TEXT -> key instanceof WireValue.Text;
      case INTEGER -> key instanceof WireValue.Whole || key instanceof WireValue.BigWhole;
      case BOOLEAN -> key instanceof WireValue.Bool;
      case TAGGED -> key instanceof WireValue.Tagged tagged && tagged.tag().equals(scalar.tag());
    };
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof ScalarShape another
        && another.type != type
        && another.scalar.form() == scalar.form()
        && another.scalar.tag().equals(scalar.tag());
  }

  @Override
  public boolean saidByClass() {
    return true;
  }
}
