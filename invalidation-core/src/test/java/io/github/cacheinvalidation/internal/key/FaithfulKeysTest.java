package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

/** A written key is read as an equal key, or it is not written. */
@Tag("G7")
class FaithfulKeysTest {

  private static final KeyCodec<Code> LOWER =
      KeyCodec.of("code", Code.class, code -> code.text.toLowerCase(Locale.ROOT), Code::new);

  private final KeyEncoder encoder = new KeyEncoder(List.of(LOWER, SampleKeys.SKU));

  record Defaulting(long id, @Nullable String language) {
    @Override
    public String language() {
      return language == null ? "de" : language;
    }
  }

  record Masking(String card) {
    @Override
    public String card() {
      return "*".repeat(card.length());
    }
  }

  record Shifting(int value) {
    Shifting {
      value++;
    }
  }

  record Trimming(String text) {
    Trimming {
      text = text.trim();
    }
  }

  record Throwing(String text) {
    @Override
    public String text() {
      throw new IllegalStateException("not now");
    }
  }

  record Refusing(String text) {
    Refusing {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("empty");
      }
    }

    @Override
    public String text() {
      return "";
    }
  }

  record Box<T>(T value) {}

  record Rounding<T extends Number>(T value) {
    @Override
    @SuppressWarnings("unchecked") // the test's value is a Long
    public T value() {
      return (T) (Number) (value.longValue() / 10 * 10);
    }
  }

  record Rows(ArrayList<Long> rows) {}

  /** Equal by its number alone, so that the masked part does not matter. */
  record Numbered(long number, String secret) {
    @Override
    public String secret() {
      return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Numbered numbered && numbered.number == number;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  /** Equal by its number alone, but not found by it. */
  @SuppressWarnings("InconsistentHashCode") // a mistake that applications make
  record Unfindable(long number, String secret) {
    @Override
    public String secret() {
      return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Unfindable unfindable && unfindable.number == number;
    }

    @Override
    public int hashCode() {
      return Objects.hash(number, secret);
    }
  }

  record Code(String text) {}

  /** Equal to its own kind alone, although a plain list finds it equal and has its hash code. */
  static final class Sorted extends ArrayList<Long> {

    private static final long serialVersionUID = 1L;

    Sorted(List<Long> sorted) {
      super(sorted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Sorted && super.equals(other);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  static Stream<Object> unfaithful() {
    return Stream.of(
        new Defaulting(1, null),
        new Masking("1234"),
        new Shifting(1),
        new Throwing("a"),
        new Refusing("a"),
        new Rounding<>(17L),
        new Rows(new ArrayList<>(List.of(1L))),
        new Unfindable(1, "a"),
        new Code("AB"),
        new Box<>(new Masking("1234")),
        new Box<>(new Box<>(List.of(new Masking("1234")))),
        new Box<>(new Code("AB")),
        new SimpleKey(1L, new Masking("1234")),
        new SimpleKey(List.of(new Defaulting(1, null))),
        List.of("a", new Masking("1234")),
        new Sorted(List.of(1L, 2L)),
        new SimpleKey(1L, new Sorted(List.of(1L, 2L))),
        List.of(new Sorted(List.of(1L, 2L))),
        List.of(new Code("ab"), new Code("AB")));
  }

  @Tag("G7.12")
  @ParameterizedTest
  @MethodSource("unfaithful")
  void keyThatWouldBeReadAsAnother_isNotWritten(Object key) {
    assertThat(encoder.encode(key)).isNull();
  }

  static Stream<Object> faithful() {
    return Stream.of(
        new Defaulting(1, "fr"),
        new Masking("****"),
        new Trimming(" a "),
        new Rounding<>(20L),
        new SampleKeys.Any(null),
        new Box<>(new Box<>(List.of(1L, "a"))),
        new Numbered(1, "a"),
        new Code("ab"),
        new SimpleKey(new Defaulting(1, "fr"), new Code("ab")),
        List.of(new Numbered(1, "a"), new Code("ab")));
  }

  @ParameterizedTest
  @MethodSource("faithful")
  void keyThatIsReadAsAnEqualOne_isWritten(Object key) {
    KeyTypes types = Wire.usedWith(List.of(LOWER), key);

    assertThat(types.match(Wire.send(key, LOWER)).keys()).containsExactly(key);
  }

  @Test
  void codecThatReadsNothing_writesNothing() {
    @SuppressWarnings("NullAway") // a careless codec does this
    KeyCodec<Code> empty = KeyCodec.of("code", Code.class, Code::text, text -> null);

    assertThat(new KeyEncoder(List.of(empty)).encode(new Code("a"))).isNull();
  }
}
