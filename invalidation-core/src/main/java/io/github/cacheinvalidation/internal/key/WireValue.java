package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.ForeignMessageReader;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forms that a key has on the wire. */
public sealed interface WireValue extends WireKey {

  /** A JSON string. */
  record Text(String value) implements WireValue {}

  /** A JSON number without a fraction that fits 64 bits. */
  record Whole(long value) implements WireValue {}

  /** A JSON number without a fraction that does not. */
  record BigWhole(BigInteger value) implements WireValue {}

  /** A JSON number with a fraction or exponent; no node writes one. */
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

  /** What a codec wrote. */
  record Coded(String codec, String text) implements WireValue {}

  /** Many whole numbers, each of them a key; only an element of a list of keys. */
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

  /** A JSON object of none of these forms. */
  record Unknown(String tag) implements WireValue {}

  /** A key that a {@link ForeignMessageReader} made; it means itself, in every width. */
  record Local(Object key) implements WireValue {}

  /** Returns the text of a scalar, as a person would type it, or null for what is no scalar. */
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

  /** Returns whether nothing but a scalar type of {@link ScalarType} can be meant. */
  static boolean isScalar(WireKey key) {
    return key instanceof Text
        || key instanceof Whole
        || key instanceof BigWhole
        || key instanceof Bool
        || key instanceof Tagged
        || key == Null.NULL;
  }
}
