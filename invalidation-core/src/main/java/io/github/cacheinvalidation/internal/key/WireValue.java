package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.ForeignMessageReader;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON forms of a key. */
public sealed interface WireValue extends WireKey {

  /** A JSON string. */
  record Text(String value) implements WireValue {}

  /** A JSON number without a fraction that fits 64 bits. */
  record Whole(long value) implements WireValue {}

  /** A JSON number without a fraction that needs more than 64 bits. */
  record BigWhole(BigInteger value) implements WireValue {}

  /** A JSON number with a fraction or exponent. No node writes this form. */
  record Fraction(String text) implements WireValue {}

  /** A JSON boolean. */
  record Bool(boolean value) implements WireValue {}

  /** A JSON null. */
  enum Null implements WireValue {
    NULL
  }

  /** A scalar with a tag of {@link ScalarType}. */
  record Tagged(String tag, String text) implements WireValue {}

  /** A list. */
  record Sequence(List<WireKey> elements) implements WireValue {}

  /** The elements of a {@code SimpleKey}. */
  record SimpleKeyValue(List<WireKey> elements) implements WireValue {}

  /** A constant of an enum. */
  record EnumConstant(String className, String constant) implements WireValue {}

  /** The components of a record. */
  record RecordValue(String className, List<WireKey> components) implements WireValue {}

  /** The fields of an object of an immutable class, in the order of the message. */
  record ObjectValue(String className, List<String> names, List<WireKey> components)
      implements WireValue {}

  /** A set, a map or another value of a {@link CompoundForm}. */
  record Compound(CompoundForm form, List<WireKey> parts) implements WireValue {}

  /** A text that a codec wrote. */
  record Coded(String codec, String text) implements WireValue {}

  /** Many whole numbers, each of them a key. Valid only as an element of a list of keys. */
  final class Packed implements WireValue {

    private final long[] numbers;

    public Packed(long[] numbers) {
      this.numbers = numbers;
    }

    int size() {
      return numbers.length;
    }

    long number(int index) {
      return numbers[index];
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Packed packed && Arrays.equals(numbers, packed.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
      return "Packed" + Arrays.toString(numbers);
    }
  }

  /** A JSON object that has none of these forms. */
  record Unknown(String tag) implements WireValue {}

  /** A key made by a {@link ForeignMessageReader}. It means the equal key in every width. */
  record Local(Object key) implements WireValue {}

  /** Returns the text of a scalar, as a person would type it, or null for any other form. */
  static @Nullable String textOf(WireKey key) {
    if (key instanceof Text text) {
      return text.value();
    }
    if (key instanceof Whole whole) {
      return Long.toString(whole.value());
    }
    if (key instanceof BigWhole whole) {
      return whole.value().toString();
    }
    if (key instanceof Fraction fraction) {
      return fraction.text();
    }
    if (key instanceof Bool bool) {
      return Boolean.toString(bool.value());
    }
    if (key instanceof Tagged tagged) {
      return tagged.text();
    }
    return null;
  }

  /** Returns whether the key can only mean null or a value of a {@link ScalarType}. */
  static boolean isScalar(WireKey key) {
    return key instanceof Text
        || key instanceof Whole
        || key instanceof BigWhole
        || key instanceof Bool
        || key instanceof Tagged
        || key == Null.NULL;
  }
}
