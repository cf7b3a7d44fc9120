package io.github.cacheinvalidation.rolling;

import io.github.cacheinvalidation.KeyCodec;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.springframework.cache.interceptor.SimpleKey;

/** The keys in the recordings. Their classes are named there, so they are never changed. */
final class EarlierKeys {

  enum Region {
    NORTH,
    SOUTH {
      @Override
      boolean warm() {
        return true;
      }
    };

    boolean warm() {
      return false;
    }
  }

  record Point(int x, long y, Region region) {}

  record Price(long product, Point place, List<String> tags) {}

  record Sku(String text) {}

  private EarlierKeys() {}

  static List<KeyCodec<?>> codecs() {
    return List.of(KeyCodec.of("sku", Sku.class, Sku::text, Sku::new));
  }

  /** Returns a key of each kind, by the name of its cache, and another key of the same kind. */
  static Map<String, List<Object>> pairs() {
    Map<String, List<Object>> pairs = new LinkedHashMap<>();
    pairs.put("byte", List.of((byte) 7, (byte) 8));
    pairs.put("short", List.of((short) -300, (short) 8));
    pairs.put("integer", List.of(70_000, 8));
    pairs.put("long", List.of(Long.MIN_VALUE, 8L));
    pairs.put("big-integer", List.of(BigInteger.TWO.pow(64), BigInteger.TEN));
    pairs.put("string", List.of("a", "b"));
    pairs.put(
        "string-escaped", List.of("\"\\/\b\n\u0001\u007f\u00fc\u20ac\ud83d\ude00<&>'\u2028", "b"));
    pairs.put("string-surrogate", List.of("half \ud83d", "b"));
    pairs.put("boolean", List.of(true, false));
    pairs.put("character", List.of('\u00fc', 'b'));
    pairs.put("big-decimal", List.of(new BigDecimal("1.50"), new BigDecimal("1.5")));
    pairs.put("double", List.of(1.5e300, Double.NaN));
    pairs.put("float", List.of(1.1f, 2f));
    pairs.put(
        "uuid", List.of(UUID.fromString("0b0ff2a6-9d34-4a6e-8f2c-3c1f6f1f9c11"), new UUID(1, 2)));
    pairs.put("local-date", List.of(LocalDate.of(2026, 11, 24), LocalDate.EPOCH));
    pairs.put("local-time", List.of(LocalTime.of(3, 50), LocalTime.NOON));
    pairs.put(
        "local-date-time",
        List.of(LocalDateTime.of(2026, 11, 24, 3, 50, 0, 1), LocalDateTime.of(2026, 1, 1, 0, 0)));
    pairs.put("instant", List.of(Instant.parse("2026-11-24T03:50:00Z"), Instant.EPOCH));
    pairs.put(
        "offset-date-time",
        List.of(
            OffsetDateTime.parse("2026-11-24T03:50+01:00"),
            OffsetDateTime.parse("2026-11-24T02:50Z")));
    pairs.put("offset-time", List.of(OffsetTime.parse("03:50+01:00"), OffsetTime.parse("02:50Z")));
    pairs.put(
        "zoned-date-time",
        List.of(
            ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]"),
            ZonedDateTime.parse("2026-10-25T02:30+02:00[Europe/Berlin]")));
    pairs.put("year", List.of(Year.of(2026), Year.of(2025)));
    pairs.put("year-month", List.of(YearMonth.of(2026, 11), YearMonth.of(2026, 12)));
    pairs.put("month-day", List.of(MonthDay.of(11, 24), MonthDay.of(2, 29)));
    pairs.put("duration", List.of(Duration.ofMinutes(90), Duration.ZERO));
    pairs.put("period", List.of(Period.of(1, 2, 3), Period.ZERO));
    pairs.put(
        "util-date", List.of(Date.from(Instant.parse("2026-11-24T03:50:00.123Z")), new Date(0)));
    pairs.put("locale", List.of(Locale.forLanguageTag("de-AT"), Locale.ROOT));
    pairs.put("currency", List.of(Currency.getInstance("EUR"), Currency.getInstance("CHF")));
    pairs.put("uri", List.of(URI.create("https://example.org/a?b=c"), URI.create("urn:b")));
    pairs.put("simple-key", List.of(new SimpleKey(7L, "de", null), new SimpleKey(8L, "de", null)));
    pairs.put("simple-key-empty", List.of(SimpleKey.EMPTY, new SimpleKey(1)));
    pairs.put("list", List.of(List.of("a", 7L), List.of("b", 7L)));
    pairs.put("list-empty", List.of(List.of(), List.of(1L)));
    pairs.put("list-null", List.of(Arrays.asList(7L, null), List.of(8L)));
    pairs.put("enum", List.of(Region.NORTH, Region.SOUTH));
    pairs.put("enum-body", List.of(Region.SOUTH, Region.NORTH));
    pairs.put("record", List.of(new Point(1, 2, Region.SOUTH), new Point(2, 2, Region.SOUTH)));
    pairs.put(
        "record-nested",
        List.of(
            new Price(7, new Point(1, 2, Region.NORTH), List.of("a", "b")),
            new Price(8, new Point(1, 2, Region.NORTH), List.of("a"))));
    pairs.put(
        "record-in-simple-key",
        List.of(
            new SimpleKey(new Point(1, 2, Region.NORTH), Region.NORTH),
            new SimpleKey(new Point(2, 2, Region.NORTH), Region.NORTH)));
    pairs.put("codec", List.of(new Sku("AB-12"), new Sku("AB-13")));
    pairs.put("quoted \"\u00fc\ud83d\ude00", List.of("a", "b"));
    return pairs;
  }

  /** Returns many keys of one cache, by the name of the cache. */
  static Map<String, List<Object>> batches() {
    Map<String, List<Object>> batches = new LinkedHashMap<>();
    batches.put("packed", numbers(100, number -> number * number * 1_000_003));
    batches.put("list-of-63", numbers(63, number -> number));
    batches.put("mixed", numbers(80, number -> number % 2 == 0 ? (int) number : "t" + number));
    return batches;
  }

  private static List<Object> numbers(int count, LongFunction<Object> key) {
    return LongStream.range(0, count).mapToObj(key).toList();
  }
}
