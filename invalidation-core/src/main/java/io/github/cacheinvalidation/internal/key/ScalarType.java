package io.github.cacheinvalidation.internal.key;

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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A key class without parts: its JSON form, and how to write and read it. The table at the end of
 * this class lists all scalar types; docs/protocol.md repeats it.
 */
final class ScalarType {

  /** The JSON form of a scalar. */
  enum Form {
    TEXT,
    INTEGER,
    BOOLEAN,
    TAGGED
  }

  /**
   * A cheap check of a text before it is parsed. A message of another program can hold hundreds of
   * thousands of keys, and each key is tried as every type used here. Without this check, the
   * parsers would throw an exception for most of them.
   */
  private record Plausible(int minLength, String firstCharacters) {

    boolean test(String text) {
      return text.length() >= minLength
          && (firstCharacters.isEmpty() || firstCharacters.indexOf(text.charAt(0)) >= 0);
    }
  }

  private static final int MAX_TEXT = 1000;
  private static final String INTEGER_START = "+-0123456789";
  private static final Plausible ANY = new Plausible(0, "");
  private static final Plausible INTEGER = new Plausible(1, INTEGER_START);
  private static final Map<Class<?>, ScalarType> TYPES = new HashMap<>();
  private static final Set<String> TAGS = new HashSet<>();

  private final Form form;
  private final String tag;
  private final Function<Object, String> toText;
  private final Function<String, ?> fromText;
  private final boolean verified;
  private final Plausible plausible;
  private final long min;
  private final long max;
  private final LongFunction<?> ofLong;

  private ScalarType(
      Form form,
      String tag,
      Function<Object, String> toText,
      Function<String, ?> fromText,
      boolean verified,
      Plausible plausible) {
    this(form, tag, toText, fromText, verified, plausible, 1, 0, Long::valueOf);
  }

  private ScalarType(
      Form form,
      String tag,
      Function<Object, String> toText,
      Function<String, ?> fromText,
      boolean verified,
      Plausible plausible,
      long min,
      long max,
      LongFunction<?> ofLong) {
    this.form = form;
    this.tag = tag;
    this.toText = toText;
    this.fromText = fromText;
    this.verified = verified;
    this.plausible = plausible;
    this.min = min;
    this.max = max;
    this.ofLong = ofLong;
  }

  /** Returns the scalar type of a class, or null if the class is not a scalar. */
  static @Nullable ScalarType of(Class<?> type) {
    return TYPES.get(type);
  }

  static boolean isTag(String tag) {
    return TAGS.contains(tag);
  }

  Form form() {
    return form;
  }

  /** Returns the tag; empty unless the form is tagged. */
  String tag() {
    return tag;
  }

  /** Returns the text of a value, or null if an equal value cannot be read back from the text. */
  @Nullable String write(Object value) {
    String text = toText.apply(value);
    if (form != Form.TEXT && text.length() > MAX_TEXT) {
      return null;
    }
    return verified && !value.equals(fromText.apply(text)) ? null : text;
  }

  /** Returns the value of a text, or null if the text is not a value of this type. */
  @Nullable Object read(String text) {
    if (!plausible.test(text) || (form != Form.TEXT && text.length() > MAX_TEXT)) {
      return null;
    }
    try {
      return fromText.apply(text);
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Returns the value of a whole number, or null if this type cannot hold the number. */
  @Nullable Object readNumber(WireKey number) {
    if (number instanceof WireValue.Whole whole) {
      return readWhole(whole.value());
    }
    return number instanceof WireValue.BigWhole big && form == Form.INTEGER
        ? read(big.value().toString())
        : null;
  }

  /** Like {@link #readNumber}, for a number that fits 64 bits. */
  @Nullable Object readWhole(long value) {
    return min <= value && value <= max ? ofLong.apply(value) : null;
  }

  private static <T> void integer(
      Class<T> type, long min, long max, LongFunction<T> ofLong, Function<String, T> fromText) {
    TYPES.put(
        type,
        new ScalarType(
            Form.INTEGER, "", Object::toString, fromText, false, INTEGER, min, max, ofLong));
  }

  private static <T> void tagged(
      String tag,
      Class<T> type,
      Function<? super T, String> toText,
      Function<String, T> fromText,
      boolean verified,
      Plausible plausible) {
    TAGS.add(tag);
    TYPES.put(
        type,
        new ScalarType(
            Form.TAGGED,
            tag,
            value -> toText.apply(type.cast(value)),
            fromText,
            verified,
            plausible));
  }

  private static <T> void iso(
      String tag, Class<T> type, int minLength, String first, Function<String, T> fromText) {
    tagged(tag, type, Object::toString, fromText, true, new Plausible(minLength, first));
  }

  private static BigInteger parseBigInteger(String text) {
    if (text.length() > Json.MAX_NUMBER_LENGTH) {
      throw new NumberFormatException("more than " + Json.MAX_NUMBER_LENGTH + " characters");
    }
    return new BigInteger(text);
  }

  private static Boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static Character parseCharacter(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException("not one character");
    }
    return text.charAt(0);
  }

  static {
    integer(Byte.class, Byte.MIN_VALUE, Byte.MAX_VALUE, n -> (byte) n, Byte::valueOf);
    integer(Short.class, Short.MIN_VALUE, Short.MAX_VALUE, n -> (short) n, Short::valueOf);
    integer(Integer.class, Integer.MIN_VALUE, Integer.MAX_VALUE, n -> (int) n, Integer::valueOf);
    integer(Long.class, Long.MIN_VALUE, Long.MAX_VALUE, n -> n, Long::valueOf);
    integer(
        BigInteger.class,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        BigInteger::valueOf,
        ScalarType::parseBigInteger);
    TYPES.put(
        String.class,
        new ScalarType(Form.TEXT, "", Object::toString, Function.identity(), false, ANY));
    TYPES.put(
        Boolean.class,
        new ScalarType(
            Form.BOOLEAN,
            "",
            Object::toString,
            ScalarType::parseBoolean,
            false,
            new Plausible(4, "tf")));
    tagged("char", Character.class, Object::toString, ScalarType::parseCharacter, false, ANY);
    Plausible decimal = new Plausible(1, INTEGER_START + ".");
    tagged("dec", BigDecimal.class, BigDecimal::toString, BigDecimal::new, false, decimal);
    Plausible floating = new Plausible(1, INTEGER_START + ".NI");
    tagged("float", Double.class, Object::toString, Double::valueOf, false, floating);
    tagged("float", Float.class, Object::toString, Float::valueOf, false, floating);
    tagged("uuid", UUID.class, UUID::toString, UUID::fromString, false, new Plausible(36, ""));
    iso("date", LocalDate.class, 10, INTEGER_START, LocalDate::parse);
    iso("time", LocalTime.class, 5, INTEGER_START, LocalTime::parse);
    iso("datetime", LocalDateTime.class, 16, INTEGER_START, LocalDateTime::parse);
    iso("instant", Instant.class, 17, INTEGER_START, Instant::parse);
    iso("offset-datetime", OffsetDateTime.class, 17, INTEGER_START, OffsetDateTime::parse);
    iso("zoned-datetime", ZonedDateTime.class, 17, INTEGER_START, ZonedDateTime::parse);
    iso("offset-time", OffsetTime.class, 6, INTEGER_START, OffsetTime::parse);
    iso("year", Year.class, 1, INTEGER_START, text -> Year.of(Integer.parseInt(text)));
    iso("year-month", YearMonth.class, 7, INTEGER_START, YearMonth::parse);
    iso("month-day", MonthDay.class, 7, "-", MonthDay::parse);
    iso("duration", Duration.class, 3, "Pp+-", Duration::parse);
    iso("period", Period.class, 3, "Pp+-", Period::parse);
    tagged(
        "util-date",
        Date.class,
        date -> date.toInstant().toString(),
        text -> Date.from(Instant.parse(text)),
        true,
        new Plausible(17, INTEGER_START));
    tagged("locale", Locale.class, Locale::toLanguageTag, Locale::forLanguageTag, true, ANY);
    tagged(
        "currency",
        Currency.class,
        Currency::getCurrencyCode,
        Currency::getInstance,
        false,
        new Plausible(3, ""));
    tagged("uri", URI.class, URI::toString, URI::create, false, ANY);
    zone("zone", ZoneId.of("UTC").getClass());
    zone("zone-offset", ZoneOffset.class);
    Base64.Decoder base64 = Base64.getDecoder();
    tagged("bytes", byte[].class, Base64.getEncoder()::encodeToString, base64::decode, false, ANY);
  }

  /** {@code ZoneId.of} gives a region or an offset, which are of different classes. */
  private static <T extends ZoneId> void zone(String tag, Class<T> type) {
    Plausible zone = new Plausible(1, "");
    tagged(tag, type, ZoneId::getId, text -> type.cast(ZoneId.of(text)), true, zone);
  }
}
