package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.AbstractMap.SimpleEntry;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.LinkedMultiValueMap;

/** Sets, maps, map entries, optional values and arrays. */
@Tag("G7")
class CompoundKeysTest {

  private static final Matches NOTHING = new Matches(List.of(), false);
  private static final Matches UNKNOWN = new Matches(List.of(), true);

  static Stream<Object> keys() {
    Set<Object> withNull = new HashSet<>(Arrays.asList(null, "a"));
    Map<Object, Object> nulls = new HashMap<>();
    nulls.put(null, 1L);
    nulls.put("a", null);
    return Stream.of(
        Set.of(),
        Set.of(1L, 2L, 3L),
        new TreeSet<>(List.of("b", "a")),
        EnumSet.of(Region.NORTH, Region.SOUTH),
        withNull,
        Set.of(1L, "a", true, Region.NORTH, new Point(1, 2L, Region.SOUTH)),
        Set.of(Set.of(), Set.of(1L), List.of(1L)),
        Map.of(),
        Map.of("a", 1L, "b", 2L),
        new TreeMap<>(Map.of(2L, "b", 1L, "a")),
        Map.of("status", "OPEN", "page", 1, "customer", 7L, "since", LocalDate.of(2026, 11, 24)),
        nulls,
        new LinkedMultiValueMap<>(Map.of("a", List.of("b", "c"))),
        Map.of(Map.of("a", 1L), Set.of(Map.of())),
        Map.entry("a", 1L),
        new SimpleEntry<>("a", null),
        List.of(Map.entry(1L, "a"), Map.entry(2L, "b")),
        Optional.empty(),
        Optional.of("a"),
        Optional.of(Optional.of(Set.of(1L))),
        OptionalInt.empty(),
        OptionalInt.of(7),
        OptionalLong.of(Long.MIN_VALUE),
        OptionalDouble.of(-0.0),
        new SimpleKey(OptionalDouble.empty(), Optional.empty()),
        new Any(Optional.of(Map.of("a", 1L))),
        new SimpleKey((Object) new byte[] {-1, 0, 1}),
        new SimpleKey(new byte[0], 1L),
        new SimpleKey((Object) new int[] {1, 2}),
        new SimpleKey(new long[0], new char[] {'a'}, new boolean[] {true}, new double[] {0.1}),
        new SimpleKey((Object) new String[] {"a", null}),
        new SimpleKey(new Object[] {1L, "a", new byte[] {1}}, new Region[] {Region.SOUTH}),
        new SimpleKey((Object) new long[][] {{1}, {}}),
        new SimpleKey(new SimpleKey((Object) new byte[] {1})),
        ZoneId.of("Europe/Berlin"),
        ZoneId.of("UTC+01:00"),
        ZoneOffset.UTC,
        ZoneOffset.ofHoursMinutes(-5, -30),
        new SimpleKey(ZoneOffset.UTC, ZoneId.of("UTC")),
        Region.SOUTH,
        new SimpleKey(Region.SOUTH, Set.of(Region.SOUTH)));
  }

  @Tag("G7.21")
  @ParameterizedTest
  @MethodSource("keys")
  void typeUsedHere_givesEqualKey(Object key) {
    for (boolean open : new boolean[] {false, true}) {
      KeyTypes types = Wire.used(key);
      Matches matches = open ? types.matchOpen(Wire.send(key)) : types.match(Wire.send(key));

      assertThat(matches.keys()).contains(key);
      assertThat(matches.keys().get(matches.keys().indexOf(key))).hasSameHashCodeAs(key);
      assertThat(matches.unknownType()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void typeNotUsedHere_buildsNothing(Object key) {
    assertThat(new KeyTypes(List.of()).match(Wire.send(key)).keys()).isEmpty();
  }

  static Stream<Arguments> forms() {
    Set<Object> set = new LinkedHashSet<>(List.of("b", 1L));
    return Stream.of(
        arguments(set, "{\"set\":[\"b\",1]}"),
        arguments(Set.of(), "{\"set\":[]}"),
        arguments(
            new TreeMap<>(Map.of("a", 1L, "b", Set.of())),
            "{\"map\":[[\"a\",1],[\"b\",{\"set\":[]}]]}"),
        arguments(Map.of(), "{\"map\":[]}"),
        arguments(Map.entry("a", 1L), "{\"entry\":[\"a\",1]}"),
        arguments(Optional.of("a"), "{\"optional\":\"a\"}"),
        arguments(Optional.empty(), "{\"optional\":null}"),
        arguments(OptionalLong.of(7), "{\"optional\":7}"),
        arguments(OptionalDouble.of(1.5), "{\"optional\":{\"float\":\"1.5\"}}"),
        arguments(
            new SimpleKey(new byte[] {1, 2}, new int[] {1, 2}, new String[] {"a"}),
            "{\"key\":[{\"bytes\":\"AQI=\"},{\"array\":[1,2]},{\"array\":[\"a\"]}]}"),
        arguments(ZoneId.of("Europe/Berlin"), "{\"zone\":\"Europe/Berlin\"}"),
        arguments(ZoneOffset.ofHours(1), "{\"zone-offset\":\"+01:00\"}"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void key_isWrittenInTheFormOfTheProtocol(Object key, String json) {
    assertThat(new KeyEncoder(List.of()).encode(key))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(json);
  }

  @Test
  void order_doesNotMatter() {
    assertThat(Wire.used(Set.of(1L)).match(Wire.key("{\"set\":[3,1,2]}")).keys())
        .containsExactly(Set.of(1L, 2L, 3L));
    assertThat(Wire.used(Map.of("a", 1L)).match(Wire.key("{\"map\":[[\"b\",2],[\"a\",1]]}")).keys())
        .containsExactly(Map.of("a", 1L, "b", 2L));
  }

  static Stream<Arguments> widths() {
    return Stream.of(
        arguments(Set.of(1, 2), Set.of(3L), Set.of(1L, 2L)),
        arguments(Map.of("a", 7), Map.of("b", 1L), Map.of("a", 7L)),
        arguments(Map.of(7L, "a"), Map.of(1, "b"), Map.of(7, "a")),
        arguments(Map.entry(7, "a"), Map.entry(1L, "b"), Map.entry(7L, "a")),
        arguments(Optional.of(7), Optional.of(1L), Optional.of(7L)),
        arguments(OptionalInt.of(7), OptionalLong.of(1), OptionalLong.of(7)),
        arguments(Optional.of(7L), OptionalInt.of(1), OptionalInt.of(7)),
        arguments(OptionalInt.empty(), Optional.of("a"), Optional.empty()),
        arguments(
            new SimpleKey((Object) new int[] {7}),
            new SimpleKey((Object) new long[0]),
            new SimpleKey((Object) new long[] {7})),
        arguments(
            new SimpleKey((Object) new Integer[] {7}),
            new SimpleKey((Object) new Object[] {1L}),
            new SimpleKey((Object) new Object[] {7L})));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void anotherWidthUsedHere_givesKeyOfThatWidth(Object published, Object used, Object expected) {
    assertThat(Wire.used(used).match(Wire.send(published)))
        .isEqualTo(new Matches(List.of(expected), false));
    assertThat(Wire.used(used).synonyms(published)).containsExactly(expected);
    assertThat(Wire.used(used, published).synonyms(expected)).containsExactly(published);
  }

  @Test
  void elementTypeNotUsedHere_meansNothing() {
    KeyTypes types = Wire.used(Set.of(1L), Map.of("a", 1L), Optional.of(1L), Map.entry("a", 1L));

    for (Object key :
        List.of(Set.of("a"), Map.of("a", "b"), Optional.of("a"), Map.entry("a", "b"))) {
      assertThat(types.match(Wire.send(key))).isEqualTo(NOTHING);
    }
    for (Object key : List.of(Set.of(Region.NORTH), Map.of(Region.NORTH, 1L))) {
      assertThat(types.match(Wire.send(key))).isEqualTo(UNKNOWN);
    }
  }

  @Test
  void otherKindOfCollection_isAnotherKey() {
    List<Object> keys =
        List.of(
            Set.of(1L, 2L), List.of(1L, 2L), Map.of(1L, 2L), Map.entry(1L, 2L), Optional.of(1L));
    for (Object used : keys) {
      for (Object other : keys) {
        assertThat(Wire.used(used).match(Wire.send(other)).keys())
            .isEqualTo(used == other ? List.of(used) : List.of());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"set\":7}",
        "{\"map\":{}}",
        "{\"map\":[1,2]}",
        "{\"map\":[[1]]}",
        "{\"map\":[[1,2,3]]}",
        "{\"entry\":[1]}",
        "{\"entry\":{\"a\":1}}",
        "{\"array\":\"a\"}",
        "{\"set\":[{\"future\":1}]}",
        "{\"map\":[[1,{}]]}",
        "{\"optional\":{\"future\":1}}",
        "{\"zone\":7}"
      })
  void malformedForm_isUnknown(String json) {
    assertThat(Wire.used(Set.of(1L), 1L).match(Wire.key(json))).isEqualTo(UNKNOWN);
  }

  @Test
  void textThatIsNoZoneOrNoBase64_isUnknownWhereThatTypeIsUsed() {
    assertThat(Wire.used(ZoneId.of("UTC")).match(Wire.key("{\"zone\":\"Nowhere/X\"}")))
        .isEqualTo(UNKNOWN);
    assertThat(Wire.used(ZoneOffset.UTC).match(Wire.key("{\"zone-offset\":\"UTC\"}")))
        .isEqualTo(UNKNOWN);
    assertThat(
            Wire.used(new SimpleKey((Object) new byte[0]))
                .match(Wire.key("{\"key\":[{\"bytes\":\"?\"}]}")))
        .isEqualTo(UNKNOWN);
  }

  static Stream<Arguments> meanings() {
    return Stream.of(
        arguments("[\"7\",8]", Set.of(7L, 8L)),
        arguments("{\"set\":[\"7\",\"7\",8]}", Set.of(7L, 8L)),
        arguments("{\"map\":[[\"a\",\"7\"]]}", Map.of("a", 7L)),
        arguments(
            "{\"map\":[[\"NORTH\",\"2026-11-24\"]]}",
            Map.of(Region.NORTH, LocalDate.of(2026, 11, 24))),
        arguments("[\"a\",\"7\"]", Map.entry("a", 7L)),
        arguments("{\"entry\":[\"a\",\"7\"]}", Map.entry("a", 7L)),
        arguments("\"7\"", Optional.of(7L)),
        arguments("{\"optional\":\"7\"}", OptionalInt.of(7)),
        arguments("[[1,\"2\"]]", new SimpleKey((Object) new int[] {1, 2})),
        arguments("[\"AQI=\"]", new SimpleKey((Object) new byte[] {1, 2})),
        arguments("{\"key\":[{\"bytes\":\"AQI=\"}]}", new SimpleKey((Object) new byte[] {1, 2})),
        arguments("\"Europe/Berlin\"", ZoneId.of("Europe/Berlin")),
        arguments("\"+01:00\"", ZoneOffset.ofHours(1)));
  }

  @ParameterizedTest
  @MethodSource("meanings")
  void keyFromOutside_isTriedAsTheTypeUsedHere(String json, Object meant) {
    assertThat(Wire.used(meant).matchOpen(Wire.key(json)))
        .isEqualTo(new Matches(List.of(meant), false));
  }

  @Test
  void keyFromOutside_isTriedAsEveryTypeOfElement() {
    KeyTypes types = Wire.used(new HashSet<>(List.of("a", 1L)));

    assertThat(types.matchOpen(Wire.key("{\"set\":[\"7\",\"b\"]}")).keys())
        .containsExactlyInAnyOrder(Set.of("7", "b"), Set.of(7L, "b"));
  }

  @Test
  void changeableViews_areReadAsTheirContent() {
    Set<Long> set = Collections.synchronizedSet(new HashSet<>(Set.of(1L)));

    assertThat(Wire.used(Set.of(2L)).match(Wire.send(set)).keys()).containsExactly(Set.of(1L));
  }
}
