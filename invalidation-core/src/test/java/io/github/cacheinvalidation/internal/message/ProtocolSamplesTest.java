package io.github.cacheinvalidation.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.SampleKeys.Price;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import io.github.cacheinvalidation.internal.key.SampleValues.Tariff;
import io.github.cacheinvalidation.internal.key.Wire;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.key.WireValue;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

/** Every form that was ever released stays readable. A sample is never changed, only added. */
@Tag("G7")
class ProtocolSamplesTest {

  private static final UUID ID = UUID.fromString("0b0ff2a6-9d34-4a6e-8f2c-3c1f6f1f9c11");
  private static final String NODE = "shop-1/5f3c";
  private static final Position FIRST = new Position("1764000000000-0", "c0ffee01");
  private static final Position SECOND = new Position("1764000000001-0", "c0ffee02");
  private static final Position THIRD = new Position("1764000000002-0", "c0ffee03");
  private static final WireKey SEVEN = new WireValue.Whole(7);
  private static final Invalidation<WireKey> SEVEN_OF_PRODUCTS =
      new Invalidation.Keys<>("products", List.of(SEVEN));
  private static final Invalidation<WireKey> OPEN_SEVEN =
      new Invalidation.OpenKeys<>("products", List.of(SEVEN));
  private static final List<Invalidation<WireKey>> BODY =
      List.of(
          new Invalidation.Keys<>(
              "products",
              List.of(
                  SEVEN,
                  new WireValue.Text("a \"quoted\" ü"),
                  new WireValue.Tagged("uuid", ID.toString()))),
          new Invalidation.Whole<>("categories"));

  static Stream<Arguments> samples() {
    return Stream.of(
        arguments("body", message(null, null, NODE, BODY)),
        arguments(
            "body-packed",
            message(
                null,
                null,
                NODE,
                List.of(
                    new Invalidation.Keys<>(
                        "products",
                        List.of(
                            new WireValue.Text("a"),
                            new WireValue.Packed(new long[] {7, 8, 300, -1})))))),
        arguments(
            "body-record",
            message(
                null,
                null,
                NODE,
                List.of(
                    new Invalidation.Keys<>(
                        "prices",
                        List.of(
                            new WireValue.RecordValue(
                                "com.example.Price#43cc5d3a",
                                List.of(SEVEN, new WireValue.Text("de")))))))),
        arguments(
            "body-traced",
            new Message(
                null,
                null,
                null,
                NODE,
                List.of(SEVEN_OF_PRODUCTS),
                Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                Map.of())),
        arguments(
            "body-with-settings",
            new Message(
                null,
                null,
                null,
                NODE,
                List.of(SEVEN_OF_PRODUCTS),
                Map.of(),
                Map.of(
                    "products", "spec=maximumSize=10000,expireAfterWrite=10m; max-staleness=10s"))),
        arguments("body-in-chain", message(FIRST, SECOND, NODE, BODY)),
        arguments(
            "body-announced",
            new Message(null, null, "c0ffee02", NODE, List.of(SEVEN_OF_PRODUCTS))),
        arguments("body-first-in-chain", message(null, FIRST, NODE, List.of(SEVEN_OF_PRODUCTS))),
        arguments(
            "body-in-another-order", message(FIRST, SECOND, NODE, List.of(SEVEN_OF_PRODUCTS))),
        arguments(
            "body-newer",
            message(
                null,
                null,
                "shop-9/77aa",
                List.of(
                    new Invalidation.Newer<>("products"),
                    new Invalidation.Newer<>("categories"),
                    new Invalidation.Newer<>("prices")))),
        arguments("log-first-entry", message(null, null, null, List.of())),
        arguments("open-key", message(null, null, null, List.of(OPEN_SEVEN))),
        arguments(
            "open-keys",
            message(
                null,
                null,
                null,
                List.of(
                    new Invalidation.OpenKeys<>(
                        "products",
                        List.of(
                            SEVEN,
                            new WireValue.Text("8"),
                            new WireValue.Tagged("uuid", ID.toString())))))),
        arguments(
            "open-cache", message(null, null, null, List.of(new Invalidation.Whole<>("products")))),
        arguments(
            "open-everything", message(null, null, null, List.of(new Invalidation.Everything<>()))),
        arguments(
            "open-prefixed",
            message(null, null, null, List.of(new Invalidation.Prefixed<>("products:7")))),
        arguments("open-in-chain", message(SECOND, THIRD, null, List.of(OPEN_SEVEN))));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sample_isReadAsReleased(String name, Message expected) throws Exception {
    assertThat(Wire.read(sample(name))).isEqualTo(expected);
  }

  @Test
  void everySample_isReadByATest() throws Exception {
    Path folder = Path.of(ProtocolSamplesTest.class.getResource("/protocol/v1").toURI());
    List<String> expected = new ArrayList<>(List.of("keys.json", "keys-compound.json"));
    samples().forEach(each -> expected.add(each.get()[0] + ".json"));

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void bodyWrittenToday_equalsTheSampleByteForByte() throws Exception {
    KeyEncoder encoder = new KeyEncoder(List.of());
    List<byte[]> keys = new ArrayList<>();
    for (Object key : List.of(7L, "a \"quoted\" ü", ID)) {
      keys.add(encoder.encode(key));
    }
    byte[] body =
        new BodyWriter("shop-1", "5f3c")
            .write(
                List.of(
                    new Invalidation.Keys<>("products", keys),
                    new Invalidation.Whole<>("categories")));

    assertThat(new String(body, StandardCharsets.UTF_8) + "\n")
        .isEqualTo(new String(sample("body"), StandardCharsets.UTF_8));
  }

  static Map<String, List<Object>> keys() {
    return Map.ofEntries(
        Map.entry("integer", List.of(7L, Long.MIN_VALUE, BigInteger.TWO.pow(64))),
        Map.entry("string", List.of("plain", "", "line\nbreak", "ü\uD83D\uDE00")),
        Map.entry("boolean", List.of(true, false)),
        Map.entry("char", List.of('a')),
        Map.entry("dec", List.of(new BigDecimal("1.50"), new BigDecimal("1E+400"))),
        Map.entry("float", List.of(1.5, Double.NaN)),
        Map.entry("uuid", List.of(ID)),
        Map.entry("date", List.of(LocalDate.of(2026, 11, 24))),
        Map.entry("time", List.of(LocalTime.of(3, 50))),
        Map.entry("datetime", List.of(LocalDateTime.of(2026, 11, 24, 3, 50, 0, 1))),
        Map.entry("instant", List.of(Instant.parse("2026-11-24T03:50:00Z"))),
        Map.entry("offset-datetime", List.of(OffsetDateTime.parse("2026-11-24T03:50+01:00"))),
        Map.entry(
            "zoned-datetime",
            List.of(ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]"))),
        Map.entry("offset-time", List.of(OffsetTime.parse("03:50+01:00"))),
        Map.entry("year", List.of(Year.of(2026))),
        Map.entry("year-month", List.of(YearMonth.of(2026, 11))),
        Map.entry("month-day", List.of(MonthDay.of(11, 24))),
        Map.entry("duration", List.of(Duration.ofMinutes(90))),
        Map.entry("period", List.of(Period.of(1, 2, 3))),
        Map.entry("util-date", List.of(Date.from(Instant.parse("2026-11-24T03:50:00.123Z")))),
        Map.entry("locale", List.of(Locale.forLanguageTag("de-AT"))),
        Map.entry("currency", List.of(Currency.getInstance("EUR"))),
        Map.entry("uri", List.of(URI.create("https://example.org/a?b=c"))),
        Map.entry("simple-key", List.of(SimpleKey.EMPTY, new SimpleKey(7L, "de", null))),
        Map.entry("list", List.of(List.of(), Arrays.asList(7L, null), List.of("a", 7L))),
        Map.entry("enum", List.of(Region.NORTH)),
        Map.entry("record", List.of(new Price(7, Region.NORTH, List.of("a", "b")))),
        Map.entry("codec", List.of(new Sku("AB-12"))));
  }

  static Map<String, List<Object>> compoundKeys() {
    Map<Object, @Nullable Object> map = new HashMap<>(Map.of("status", "OPEN", "page", 1L));
    map.put(7L, null);
    return Map.of(
        "set", List.of(Set.of(), new HashSet<>(Arrays.asList("b", 7L, null))),
        "map", List.of(Map.of(), map),
        "entry", List.of(Map.entry("a", 7L)),
        "optional", List.of(Optional.of("a"), Optional.empty(), OptionalInt.of(7)),
        "array", List.of(new SimpleKey(new int[] {7, 8}, new String[] {"a", null})),
        "bytes", List.of(new SimpleKey((Object) new byte[] {1, 2, -1})),
        "zone", List.of(ZoneId.of("Europe/Berlin")),
        "zone-offset", List.of(ZoneOffset.ofHours(1), ZoneOffset.UTC),
        "object", List.of(new Tariff(7, "de", Region.SOUTH)));
  }

  static Stream<Arguments> samplesOfKeys() {
    return Stream.of(arguments("keys", keys()), arguments("keys-compound", compoundKeys()));
  }

  @ParameterizedTest
  @MethodSource("samplesOfKeys")
  void everyKindOfKey_isReadAsReleased(String sample, Map<String, List<Object>> expected)
      throws Exception {
    List<Invalidation<WireKey>> invalidations = Wire.read(sample(sample)).invalidations();

    assertThat(invalidations).hasSameSizeAs(expected.keySet());
    for (Invalidation<WireKey> each : invalidations) {
      Invalidation.Keys<WireKey> keys = (Invalidation.Keys<WireKey>) each;
      List<Object> meant = expected.getOrDefault(keys.cache(), List.of());
      KeyTypes types = Wire.used(meant.toArray());
      assertThat(keys.keys()).as(keys.cache()).hasSameSizeAs(meant);
      Iterator<Object> next = meant.iterator();
      for (WireKey key : keys.keys()) {
        assertThat(types.match(key).keys()).as(keys.cache()).contains(next.next());
      }
    }
  }

  private static Message message(
      @Nullable Position predecessor,
      @Nullable Position position,
      @Nullable String origin,
      List<Invalidation<WireKey>> invalidations) {
    return new Message(predecessor, position, null, origin, invalidations);
  }

  private static byte[] sample(String name) throws IOException {
    try (InputStream in =
        ProtocolSamplesTest.class.getResourceAsStream("/protocol/v1/" + name + ".json")) {
      assertThat(in).as("sample '%s'", name).isNotNull();
      return in.readAllBytes();
    }
  }
}
