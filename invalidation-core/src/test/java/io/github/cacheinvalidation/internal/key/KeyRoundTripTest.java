package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Chain;
import io.github.cacheinvalidation.internal.key.SampleKeys.Empty;
import io.github.cacheinvalidation.internal.key.SampleKeys.Outer;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Price;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

class KeyRoundTripTest {

  static Stream<Object> keys() {
    return Stream.of(
        (byte) 7,
        (short) -7,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        BigInteger.TEN.pow(99),
        BigInteger.TEN.pow(98).negate(),
        "",
        "plain",
        "quote \" backslash \\ newline \n nul \0 ü \uD83D\uDE00 \u2028",
        "half a pair \uD83D",
        List.of("\uDE00\uD83D\uDE00"),
        '\uD83D',
        true,
        false,
        'a',
        '"',
        new BigDecimal("1.50"),
        new BigDecimal("1E+2147483647"),
        1.5,
        -0.0,
        Double.NaN,
        Double.MIN_VALUE,
        Float.NEGATIVE_INFINITY,
        0.1f,
        new UUID(1, -1),
        LocalDate.of(2026, 11, 24),
        LocalDate.MAX,
        LocalTime.of(3, 50),
        LocalDateTime.of(2026, 11, 24, 3, 50, 0, 1),
        Instant.ofEpochSecond(1764000000, 5),
        Instant.MIN,
        OffsetDateTime.parse("2026-11-24T03:50+01:00"),
        ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]"),
        ZonedDateTime.parse("2026-10-25T02:30+02:00[Europe/Berlin]"),
        OffsetTime.parse("03:50+01:00"),
        Year.of(5),
        Year.of(12345),
        YearMonth.of(2026, 11),
        MonthDay.of(2, 29),
        Duration.ofMillis(-1),
        Period.of(1, -2, 3),
        Date.from(Instant.ofEpochMilli(1764000000123L)),
        Locale.forLanguageTag("de-AT"),
        Locale.ROOT,
        Currency.getInstance("EUR"),
        URI.create("https://example.org/a?b=c"),
        SimpleKey.EMPTY,
        new SimpleKey(7L, "de", null, true),
        new SimpleKey(List.of(1, 2), Region.NORTH),
        List.of(),
        List.of(1L, 2L, 3L),
        List.of(1L, "a"),
        Arrays.asList("a", null),
        Arrays.asList(null, 1L, null),
        List.of(List.of(), List.of(1L)),
        Region.NORTH,
        Region.SOUTH,
        new Price(7, Region.SOUTH, List.of("a", "b")),
        new Point(1, null, Region.NORTH),
        new Outer(new Point(1, 2L, Region.SOUTH), "n"),
        new Any(new Any("x")),
        new Any(null),
        new Chain(1, new Chain(2, null)),
        new Empty(),
        SampleKeys.hidden("s"),
        new SimpleKey(List.of(new Outer(new Point(1, 2L, Region.SOUTH), "n")), new Sku("AB-12")),
        new Sku("AB-12"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void typeUsedHere_givesEqualKey(Object key) {
    KeyTypes.Matches matches = Wire.used(key).match(Wire.send(key, SampleKeys.SKU));

    assertThat(matches.keys()).containsExactly(key);
    assertThat(matches.keys().get(0).hashCode()).isEqualTo(key.hashCode());
    assertThat(matches.unknownType()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void typedKeyInAnOpenMessage_givesEqualKey(Object key) {
    KeyTypes.Matches matches = Wire.used(key).matchOpen(Wire.send(key, SampleKeys.SKU));

    assertThat(matches.keys()).containsExactly(key);
    assertThat(matches.unknownType()).isFalse();
  }

  static Stream<Arguments> widths() {
    return Stream.of(
        arguments(7L, 7),
        arguments(7, 7L),
        arguments((byte) 7, BigInteger.valueOf(7)),
        arguments(BigInteger.valueOf(7), (short) 7),
        arguments(-128L, (byte) -128),
        arguments(1.5f, 1.5),
        arguments(0.1, 0.1f),
        arguments(new SimpleKey(7, 'c'), new SimpleKey(7L, 'c')),
        arguments(List.of(1, 2), List.of(1L, 2L)),
        arguments(List.of(1, 2, 3), List.of(1L)),
        arguments(new Any(7L), new Any(7)));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void anotherWidthUsedHere_givesKeyOfThatWidth(Object published, Object used) {
    Object expected = published.equals(List.of(1, 2, 3)) ? List.of(1L, 2L, 3L) : used;

    assertThat(Wire.used(used).match(Wire.send(published)).keys()).containsExactly(expected);
  }

  static Stream<Arguments> tooWide() {
    return Stream.of(
        arguments(128L, (byte) 1),
        arguments(32768L, (short) 1),
        arguments(2147483648L, 1),
        arguments(BigInteger.TWO.pow(63), 1L),
        arguments(new SimpleKey(2147483648L), new SimpleKey(1)),
        arguments(new Any(2147483648L), new Any(1)));
  }

  @ParameterizedTest
  @MethodSource("tooWide")
  void numberThatNoWidthUsedHereHolds_meansNothing(Object published, Object used) {
    assertThat(Wire.used(used).match(Wire.send(published)))
        .isEqualTo(new KeyTypes.Matches(List.of(), false));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void typeNotUsedHere_buildsNothing(Object key) {
    assertThat(new KeyTypes(List.of()).match(Wire.send(key, SampleKeys.SKU)).keys()).isEmpty();
  }
}
