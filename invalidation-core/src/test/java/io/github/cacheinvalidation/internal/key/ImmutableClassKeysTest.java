package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleValues.Account;
import io.github.cacheinvalidation.internal.key.SampleValues.Digest;
import io.github.cacheinvalidation.internal.key.SampleValues.Holder;
import io.github.cacheinvalidation.internal.key.SampleValues.Renamed;
import io.github.cacheinvalidation.internal.key.SampleValues.Slot;
import io.github.cacheinvalidation.internal.key.SampleValues.SubAccount;
import io.github.cacheinvalidation.internal.key.SampleValues.Tariff;
import io.github.cacheinvalidation.internal.key.SampleValues.Unit;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kotlin.Pair;
import kotlin.Triple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import reactor.util.function.Tuples;

/** Objects of immutable classes are written by their fields and created by their constructor. */
@Tag("G7")
class ImmutableClassKeysTest {

  private static final Matches NOTHING = new Matches(List.of(), false);
  private static final Matches UNKNOWN = new Matches(List.of(), true);
  private static final String P = "io.github.cacheinvalidation.internal.key.";
  private static final Tariff TARIFF = new Tariff(7, "de", Region.SOUTH);

  static Stream<Object> keys() {
    return Stream.of(
        TARIFF,
        new Tariff(-1, "", null),
        new Slot(LocalDate.of(2026, 11, 24), List.of(8, 9)),
        new Account("a"),
        new SubAccount("a", 7L),
        new SubAccount("a", null),
        new Digest(new byte[] {-1, 0}, "a", "b"),
        new Renamed(7, "de"),
        new Unit(),
        new Holder(TARIFF, TARIFF),
        new SimpleKey(TARIFF, List.of(TARIFF)),
        Set.of(TARIFF, new Unit()),
        Map.of(TARIFF, new Renamed(7, "de")),
        new Pair<>("a", 7L),
        new Triple<>("a", new Pair<>(1L, 2L), null),
        org.springframework.data.util.Pair.of("a", UUID.fromString("0-0-0-0-1")),
        Tuples.of("a", 7L, true),
        Sort.by(Sort.Order.desc("name").ignoreCase(), Sort.Order.asc("id")),
        PageRequest.of(2, 20, Sort.by("name").and(Sort.by("id"))));
  }

  @Tag("G7.21")
  @ParameterizedTest
  @MethodSource("keys")
  void typeUsedHere_givesEqualKey(Object key) {
    for (boolean open : new boolean[] {false, true}) {
      KeyTypes types = Wire.used(key);
      Matches matches = open ? types.matchOpen(Wire.send(key)) : types.match(Wire.send(key));

      assertThat(matches).isEqualTo(new Matches(List.of(key), false));
      assertThat(matches.keys().get(0)).isNotSameAs(key).hasSameHashCodeAs(key);
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void typeNotUsedHere_buildsNothing(Object key) {
    assertThat(Wire.used(1L).match(Wire.send(key))).isEqualTo(UNKNOWN);
  }

  @Test
  void otherValuesOfATypeUsedHere_areBuiltToo() {
    KeyTypes types = Wire.used(TARIFF);
    Tariff other = new Tariff(8, "fr", null);

    assertThat(types.match(Wire.send(other))).isEqualTo(new Matches(List.of(other), false));
  }

  @Test
  void object_isWrittenWithTheNamesOfItsFields() {
    assertThat(new KeyEncoder(List.of()).encode(TARIFF))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            """
            {"object":["P.SampleValues$Tariff#2dc21990",\
            {"product":7,"language":"de","region":{"enum":["P.SampleKeys$Region","SOUTH"]}}]}\
            """
                .replace("P.", P));
  }

  @Test
  void fieldsInAnotherOrder_areTheSameObject() {
    String json = "{\"object\":[\"%sSampleValues$Tariff\",{\"region\":null,%s}]}";

    assertThat(
            Wire.used(TARIFF)
                .match(Wire.key(json.formatted(P, "\"language\":\"de\",\"product\":7"))))
        .isEqualTo(new Matches(List.of(new Tariff(7, "de", null)), false));
  }

  @Test
  void keyFromOutside_isTriedAsTheFieldsInTheOrderOfTheConstructor() {
    Matches matches = Wire.used(TARIFF).matchOpen(Wire.key("[\"7\",\"de\",\"SOUTH\"]"));

    assertThat(matches).isEqualTo(new Matches(List.of(TARIFF), false));
    assertThat(Wire.used(TARIFF).matchOpen(Wire.key("[\"x\",\"de\",\"SOUTH\"]")))
        .isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"product\":7,\"language\":\"de\"}", // fewer
        "{\"product\":7,\"language\":\"de\",\"region\":null,\"more\":1}",
        "{\"product\":7,\"language\":\"de\",\"area\":null}", // renamed
        "{\"product\":7,\"language\":\"de\",\"language\":\"de\"}", // twice
        "{\"product\":\"7\",\"language\":\"de\",\"region\":null}", // other scalar
        "{\"product\":null,\"language\":\"de\",\"region\":null}", // null where it cannot be
        "{\"product\":7,\"language\":{\"set\":[]},\"region\":null}",
        "[7,\"de\",null]",
        "{}",
        "null",
        "{\"product\":7,\"language\":\"de\",\"region\":null},1"
      })
  void objectWithOtherFieldsElsewhere_isUnknown(String fields) {
    String json = "{\"object\":[\"" + P + "SampleValues$Tariff\"," + fields + "]}";

    assertThat(Wire.used(TARIFF, 1L).match(Wire.key(json))).isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":7}",
        "{\"object\":[]}",
        "{\"object\":[\"a\"]}",
        "{\"object\":[7,{}]}",
        "{\"object\":{\"object\":[\"$Tariff\",{\"a\":1}]}}",
        "{\"object\":[\"$Tariff\",{\"product\":7}],\"a\":1}",
        "{\"record\":[\"$Tariff\",[7,\"de\",null]]}",
        "{\"object\":[\"$Holder\",{\"value\":7,\"tariff\":null}]}"
      })
  void otherForms_areUnknown(String json) {
    KeyTypes types = Wire.used(TARIFF, new Holder(7L, TARIFF), 1L);

    assertThat(types.match(Wire.key(json.replace("$", P + "SampleValues$")))).isEqualTo(UNKNOWN);
  }

  @Test
  void componentOfATypeNotUsedHere_isNotBuilt() {
    KeyTypes types = Wire.used(new SubAccount("a", 7L));

    assertThat(types.match(Wire.send(new SubAccount("a", "x")))).isEqualTo(NOTHING);
    assertThat(types.match(Wire.send(new SubAccount("a", Region.NORTH)))).isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.send(new SubAccount("a", TARIFF)))).isEqualTo(UNKNOWN);
  }

  @Test
  void declaredTypes_coverFieldsThatWereNull() {
    Tariff full = new Tariff(1, "a", Region.NORTH);

    assertThat(Wire.used(new Tariff(1, "a", null)).match(Wire.send(full)).keys())
        .containsExactly(full);
  }
}
