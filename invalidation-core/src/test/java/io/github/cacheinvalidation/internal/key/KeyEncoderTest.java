package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Chain;
import io.github.cacheinvalidation.internal.key.SampleKeys.Price;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

class KeyEncoderTest {

  private final KeyEncoder encoder = new KeyEncoder(List.of(SampleKeys.SKU));

  private static final String PACKAGE = "io.github.cacheinvalidation.internal.key.";

  static Stream<Arguments> forms() {
    return Stream.of(
        arguments(7L, "7"),
        arguments((byte) -7, "-7"),
        arguments("a\"ü", "\"a\\\"ü\""),
        arguments(true, "true"),
        arguments('a', "{\"char\":\"a\"}"),
        arguments(new BigDecimal("1.50"), "{\"dec\":\"1.50\"}"),
        arguments(1.5f, "{\"float\":\"1.5\"}"),
        arguments(new UUID(0, 1), "{\"uuid\":\"00000000-0000-0000-0000-000000000001\"}"),
        arguments(YearMonth.of(2026, 1), "{\"year-month\":\"2026-01\"}"),
        arguments(SimpleKey.EMPTY, "{\"key\":[]}"),
        arguments(new SimpleKey(7, null, "x"), "{\"key\":[7,null,\"x\"]}"),
        arguments(List.of("a", 1), "[\"a\",1]"),
        arguments(Region.SOUTH, "{\"enum\":[\"" + PACKAGE + "SampleKeys$Region\",\"SOUTH\"]}"),
        arguments(
            new Price(7, Region.NORTH, List.of()),
            """
            {"record":["P.SampleKeys$Price#25f2b984",[7,{"enum":["P.SampleKeys$Region","NORTH"]},[]]]}\
            """
                .replace("P.", PACKAGE)),
        arguments(new Sku("AB-12"), "{\"codec\":[\"sku\",\"AB-12\"]}"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void key_isWrittenInTheFormOfTheProtocol(Object key, String json) {
    assertThat(encoder.encode(key)).asString(StandardCharsets.UTF_8).isEqualTo(json);
  }

  static Stream<Object> unencodable() {
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    Chain chain = new Chain(0, null);
    for (int depth = 1; depth < Json.MAX_KEY_DEPTH; depth++) {
      chain = new Chain(depth, chain);
    }
    return Stream.of(
        new Object(),
        Map.of("a", new Object()),
        new int[] {1},
        new SimpleKey((Object) new Object[] {new Object()}),
        new SimpleKey(1, new Object()),
        List.of(1, new Object()),
        new Any(new Object()),
        new Timestamp(0),
        new Any(new Timestamp(0)),
        BigInteger.TEN.pow(100),
        YearMonth.of(12345, 1),
        new BigDecimal("1".repeat(1001)),
        itself,
        chain,
        new Broken());
  }

  @ParameterizedTest
  @MethodSource("unencodable")
  void keyThatNobodyCanEncode_givesNullAndRegistersNothing(Object key) {
    KeyTypes types = new KeyTypes(List.of());
    types.register(key);

    assertThat(encoder.encode(key)).isNull();
    assertThat(types.match(Wire.key("[1,\"\"]")).keys()).isEmpty();
  }

  /** A list that cannot be read. */
  private static final class Broken extends java.util.AbstractList<Object> {
    @Override
    public Object get(int index) {
      throw new IllegalStateException("closed");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  @Test
  void deepestKeyThatIsEncoded_isWithinTheLimitsOfTheReader() {
    Chain chain = new Chain(0, null);
    for (int depth = 2; depth < Json.MAX_KEY_DEPTH; depth++) {
      chain = new Chain(depth, chain);
    }

    assertThat(Wire.used(chain).match(Wire.send(chain)).keys()).containsExactly(chain);
  }

  @Test
  void codecThatThrows_countsAsUnableToEncode() {
    KeyCodec<String> codec =
        KeyCodec.of(
            "text",
            String.class,
            key -> {
              throw new IllegalStateException("no");
            },
            text -> text);

    assertThat(new KeyEncoder(List.of(codec)).encode("a")).isNull();
  }

  @Test
  void codecOfABuiltInType_wins() {
    KeyCodec<Long> codec =
        KeyCodec.of("hex", Long.class, Long::toHexString, s -> Long.parseLong(s, 16));

    assertThat(new KeyEncoder(List.of(codec)).encode(255L))
        .asString()
        .isEqualTo("{\"codec\":[\"hex\",\"ff\"]}");
  }

  @Test
  void codecOfASupertype_servesItsSubtypes() {
    KeyCodec<Number> codec =
        KeyCodec.of("number", Number.class, Number::toString, Integer::valueOf);

    assertThat(new KeyEncoder(List.of(codec)).encode(7))
        .asString()
        .isEqualTo("{\"codec\":[\"number\",\"7\"]}");
  }

  @Test
  void twoCodecsWithOneName_areRefusedWithTheRemedy() {
    KeyCodec<Long> other = KeyCodec.of("sku", Long.class, Object::toString, Long::valueOf);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeyEncoder(List.of(SampleKeys.SKU, other)))
        .withMessageContaining("'sku'")
        .withMessageContaining("give each KeyCodec a name of its own");
  }

  @Test
  void twoCodecsForOneType_areRefusedWithTheRemedy() {
    KeyCodec<Sku> other = KeyCodec.of("other", Sku.class, Sku::text, Sku::new);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeyTypes(List.of(SampleKeys.SKU, other)))
        .withMessageContaining("'sku' and 'other'")
        .withMessageContaining("keep one KeyCodec for each type");
  }

  @Test
  void codecOfAPrimitive_isRefusedWithTheRemedy() {
    KeyCodec<Long> codec = KeyCodec.of("long", long.class, Object::toString, Long::valueOf);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeyEncoder(List.of(codec)))
        .withMessageContaining("use its wrapper class");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 9, 10, -1, -10, 99, 100, Long.MAX_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE})
  void wholeNumbers_areWrittenAsJavaWritesThem(long value) {
    assertThat(encoder.encode(value)).asString().isEqualTo(Long.toString(value));
    int less = (int) value;
    assertThat(encoder.encode(less)).asString().isEqualTo(Integer.toString(less));
  }
}
