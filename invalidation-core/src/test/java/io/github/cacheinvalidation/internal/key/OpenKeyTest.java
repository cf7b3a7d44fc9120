package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Positive;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

@Tag("G7")
class OpenKeyTest {

  private static final UUID ID = new UUID(0, 1);

  static Stream<Arguments> meanings() {
    return Stream.of(
        arguments("7", 7L),
        arguments("\"7\"", 7L),
        arguments("7", "7"),
        arguments("\"7\"", "7"),
        arguments("\"7\"", 7),
        arguments("7", '7'),
        arguments("18446744073709551616", BigInteger.TWO.pow(64)),
        arguments("\"18446744073709551616\"", BigInteger.TWO.pow(64)),
        arguments("18446744073709551616", "18446744073709551616"),
        arguments("true", true),
        arguments("\"true\"", true),
        arguments("true", "true"),
        arguments("1.50", new BigDecimal("1.50")),
        arguments("\"1.50\"", new BigDecimal("1.50")),
        arguments("1.5", 1.5),
        arguments("1.5", "1.5"),
        arguments("\"" + ID + "\"", ID),
        arguments("{\"uuid\":\"" + ID + "\"}", ID),
        arguments("{\"uuid\":\"" + ID + "\"}", ID.toString()),
        arguments("\"2026-11-24\"", LocalDate.of(2026, 11, 24)),
        arguments("\"2026-11-24T03:50:00Z\"", Instant.parse("2026-11-24T03:50:00Z")),
        arguments("\"2026-11-24T03:50:00Z\"", Date.from(Instant.parse("2026-11-24T03:50:00Z"))),
        arguments("\"NORTH\"", Region.NORTH),
        arguments("\"AB-12\"", new Sku("AB-12")),
        arguments("[\"7\",\"NORTH\"]", new SimpleKey(7L, Region.NORTH)),
        arguments("{\"key\":[7,\"NORTH\"]}", new SimpleKey("7", Region.NORTH)),
        arguments("[1,\"2\",null]", new SimpleKey(1, 2, null)),
        arguments("[\"1\",2]", List.of(1L, 2L)),
        arguments("[1,\"2\",\"NORTH\"]", new Point(1, 2L, Region.NORTH)));
  }

  @ParameterizedTest
  @MethodSource("meanings")
  void keyFromOutside_isTriedAsTheTypeUsedHere(String json, Object meant) {
    assertThat(Wire.used(meant).matchOpen(Wire.key(json)))
        .isEqualTo(new Matches(List.of(meant), false));
  }

  @Test
  void severalTypesUsedHere_areAllTried() {
    KeyTypes types = Wire.used(1L, 1, "a", Region.NORTH, ID);

    assertThat(types.matchOpen(Wire.key("\"7\"")).keys()).containsExactlyInAnyOrder(7L, 7, "7");
  }

  @Test
  void keyThatFitsNoTypeUsedHere_meansNothing() {
    Matches nothing = new Matches(List.of(), false);
    KeyTypes types =
        Wire.used(1L, ID, Region.NORTH, new Sku("AB-12"), new Positive(1), List.of(1L), true);

    assertThat(types.matchOpen(Wire.key("\"x\""))).isEqualTo(nothing);
    assertThat(types.matchOpen(Wire.key("[\"x\",\"y\"]"))).isEqualTo(nothing);
    assertThat(types.matchOpen(Wire.key("[[1]]"))).isEqualTo(nothing);
    assertThat(types.matchOpen(Wire.key("null"))).isEqualTo(nothing);
  }

  @Test
  void constructorThatRefusesElementsFromOutside_meansNothing() {
    assertThat(Wire.used(new Positive(1)).matchOpen(Wire.key("[-1]")))
        .isEqualTo(new Matches(List.of(), false));
  }

  @Test
  void typedKeyOfATypeUnknownHere_isUnknownFromOutsideToo() {
    assertThat(Wire.used(1L).matchOpen(Wire.key("{\"enum\":[\"com.example.E\",\"A\"]}")))
        .isEqualTo(new Matches(List.of(), true));
  }
}
