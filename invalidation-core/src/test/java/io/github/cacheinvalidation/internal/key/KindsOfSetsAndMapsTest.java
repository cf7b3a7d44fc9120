package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

/** Sets and maps with different types of elements are few kinds of keys. */
@Tag("G7")
class KindsOfSetsAndMapsTest {

  private static final Matches UNKNOWN = new Matches(List.of(), true);

  private static final List<Object> VALUES =
      List.of("OPEN", 1, true, Region.NORTH, LocalDate.of(2026, 11, 24), new UUID(1, 2));

  /** The conditions of a search, of which each can be missing. */
  private static Map<String, Object> search(int pattern) {
    Map<String, Object> search = new HashMap<>();
    for (int i = 0; i < VALUES.size(); i++) {
      if (((pattern >> i) & 1) != 0) {
        search.put("condition" + i, VALUES.get(i));
      }
    }
    return search;
  }

  @Test
  void everyCombinationOfTypes_isFound() {
    KeyTypes types = new KeyTypes(List.of());
    int patterns = 1 << VALUES.size();
    for (int pattern = 0; pattern < patterns; pattern++) {
      types.register(new SimpleKey(search(pattern), Set.copyOf(search(pattern).values())));
    }

    for (int pattern = 0; pattern < patterns; pattern++) {
      Object key = new SimpleKey(search(pattern), Set.copyOf(search(pattern).values()));
      Matches matches = types.match(Wire.send(key));
      assertThat(matches.keys()).isNotEmpty().allMatch(key::equals);
      assertThat(matches.unknownType()).isFalse();
    }
  }

  @Test
  void widerSet_coversNarrowerOnes() {
    KeyTypes types = Wire.used(new HashSet<>(List.of(1L, "a", true)));
    Set<Object> narrow = Set.of("b", 2L);

    assertThat(types.match(Wire.send(narrow))).isEqualTo(new Matches(List.of(narrow), false));
    long[] time = {0};
    KeyTypes timed = new KeyTypes(List.of(), () -> ++time[0]);
    timed.register(new HashSet<>(List.of(1L, "a", true)));
    long before = timed.completeSince();
    timed.register(narrow);
    timed.register(Set.of());
    assertThat(timed.completeSince()).as("nothing new").isEqualTo(before);
  }

  @Test
  void typesThatWereNotUsedTogether_areNotBuiltTogether() {
    KeyTypes types = Wire.used(Set.of(1L), Set.of("a"));

    assertThat(types.match(Wire.send(new HashSet<>(List.of(1L, "a")))))
        .isEqualTo(new Matches(List.of(), false));
  }

  @Test
  void severalWidthsInOneSet_giveEachCombination() {
    KeyTypes types = Wire.used(new HashSet<>(List.of(1, 2L)));

    assertThat(types.match(Wire.key("{\"set\":[1,2]}")).keys())
        .containsExactlyInAnyOrder(Set.of(1, 2), Set.of(1L, 2), Set.of(1, 2L), Set.of(1L, 2L));
    assertThat(types.match(Wire.key("{\"set\":[4294967296]}")).keys())
        .containsExactly(Set.of(1L << 32));
    assertThat(types.synonyms(new HashSet<>(List.of(1, 2L)))).hasSize(3);
  }

  @Test
  void oneWidthInEachSet_isExactWhateverTheSize() {
    KeyTypes types = Wire.used(Set.of(1), Set.of(1L));
    Set<Long> many = LongStream.range(0, 1000).boxed().collect(Collectors.toSet());

    assertThat(types.match(Wire.send(many)).keys())
        .containsExactlyInAnyOrder(
            many, IntStream.range(0, 1000).boxed().collect(Collectors.toSet()));
  }

  @Tag("G7.22")
  @Test
  void moreCombinationsThanAreTried_areUnknown() {
    KeyTypes types = Wire.used(new HashSet<>(List.of(1, 2L)));

    assertThat(types.match(Wire.key("{\"set\":[1,2,3,4,5,6]}")).keys()).hasSize(PossibleKeys.MOST);
    assertThat(types.match(Wire.key("{\"set\":[1,2,3,4,5,6,7]}"))).isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.key("{\"key\":[{\"set\":[1,2,3,4,5,6,7]}]}")).keys()).isEmpty();
  }

  @Test
  void partsThatCanMeanSeveralValues_giveEachKeyAroundThem() {
    KeyTypes types =
        Wire.used(
            new SimpleKey(new HashSet<>(List.of(1, 2L)), Map.of("a", 1, "b", 1L)),
            new SampleKeys.Any(new HashSet<>(List.of(1, 2L))),
            List.of(new HashSet<>(List.of(1, 2L))));

    assertThat(types.match(Wire.key("{\"key\":[{\"set\":[7]},{\"map\":[[\"c\",8]]}]}")).keys())
        .containsExactlyInAnyOrder(
            new SimpleKey(Set.of(7), Map.of("c", 8)),
            new SimpleKey(Set.of(7L), Map.of("c", 8)),
            new SimpleKey(Set.of(7), Map.of("c", 8L)),
            new SimpleKey(Set.of(7L), Map.of("c", 8L)));
    assertThat(types.match(Wire.send(new SampleKeys.Any(Set.of(7)))).keys())
        .containsExactlyInAnyOrder(new SampleKeys.Any(Set.of(7)), new SampleKeys.Any(Set.of(7L)));
    assertThat(types.match(Wire.key("[{\"set\":[7]}]")).keys())
        .containsExactlyInAnyOrder(List.of(Set.of(7)), List.of(Set.of(7L)));
  }

  @Tag("G7.22")
  @Test
  void moreElementsThanASetMayHave_areNotBuilt() {
    KeyTypes types = Wire.used(Set.of(1L), Map.of(1L, 1L));
    String most = String.join(",", Collections.nCopies(CompoundForm.MOST_ELEMENTS, "1"));
    String pairs = String.join(",", Collections.nCopies(CompoundForm.MOST_ELEMENTS, "[1,1]"));

    assertThat(types.match(Wire.key("{\"set\":[" + most + "]}")).keys())
        .containsExactly(Set.of(1L));
    assertThat(types.match(Wire.key("{\"map\":[" + pairs + "]}")).keys())
        .containsExactly(Map.of(1L, 1L));
    assertThat(types.match(Wire.key("{\"set\":[" + most + ",1]}"))).isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.key("{\"map\":[" + pairs + ",[1,1]]}"))).isEqualTo(UNKNOWN);
  }

  private record Touchy(String text) {
    @Override
    public int hashCode() {
      if (text.equals("bad")) {
        throw new IllegalStateException("no hash code");
      }
      return text.hashCode();
    }
  }

  @Test
  void elementWhoseHashCodeThrows_isUnknown() {
    KeyTypes types = Wire.used(Set.of(new Touchy("a")), new SimpleKey(new Touchy("a")));
    String bad = "{\"record\":[\"" + Touchy.class.getName() + "\",[\"bad\"]]}";

    assertThat(types.match(Wire.key("{\"set\":[" + bad + "]}"))).isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.key("{\"key\":[" + bad + "]}"))).isEqualTo(UNKNOWN);
  }
}
