package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

/** Null fits every type of its place, and makes no kind of key of its own. */
@Tag("G7")
class NullPartsTest {

  private static final Object[] PARAMETERS = {
    1L, "a", true, 2.5, new UUID(1, 2), LocalDate.of(2026, 11, 24), Region.NORTH
  };

  record Search(
      @Nullable Object a,
      @Nullable Object b,
      @Nullable Object c,
      @Nullable Object d,
      @Nullable Object e,
      @Nullable Object f,
      @Nullable Object g) {}

  enum Form {
    SIMPLE_KEY,
    RECORD,
    LIST_IN_A_SIMPLE_KEY,
    SIMPLE_KEY_IN_A_LIST,
    RECORD_IN_A_RECORD;

    Object key(@Nullable Object... parts) {
      return switch (this) {
        case SIMPLE_KEY -> new SimpleKey(parts);
        case RECORD -> search(parts);
        case LIST_IN_A_SIMPLE_KEY -> new SimpleKey("x", withEnds(parts));
        case SIMPLE_KEY_IN_A_LIST -> List.of(new SimpleKey(parts), new SimpleKey(parts[0]));
        case RECORD_IN_A_RECORD -> search(1L, search(parts), null, null, null, null, null);
      };
    }

    private static Search search(@Nullable Object... p) {
      return new Search(p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
    }

    /** Lists whose elements have one type, or none, are another kind of list. */
    private static List<@Nullable Object> withEnds(@Nullable Object... parts) {
      List<@Nullable Object> list = new ArrayList<>(Arrays.asList(parts));
      list.add("begin");
      list.add(0L);
      return list;
    }
  }

  @Tag("G7.11")
  @ParameterizedTest
  @EnumSource
  void everyPatternOfNulls_isTheSameKindOfKey(Form form) {
    KeyTypes types = new KeyTypes(List.of());
    for (int pattern = 0; pattern < 128; pattern++) {
      types.register(form.key(pattern(pattern)));
    }

    for (int pattern = 0; pattern < 128; pattern++) {
      Object key = form.key(pattern(pattern));
      assertThat(types.match(Wire.send(key))).isEqualTo(new Matches(List.of(key), false));
    }
  }

  @ParameterizedTest
  @EnumSource
  void patternOfNullsThatWasNotUsedYet_isKnownByItsParts(Form form) {
    KeyTypes types = new KeyTypes(List.of());
    types.register(form.key(pattern(0b1010101)));
    types.register(form.key(pattern(0b0101010)));

    for (int pattern = 0; pattern < 128; pattern++) {
      Object key = form.key(pattern(pattern));
      assertThat(types.match(Wire.send(key))).isEqualTo(new Matches(List.of(key), false));
    }
  }

  @Test
  void typeNotUsedInItsPlace_isNotBuilt() {
    KeyTypes types = Wire.used(new SimpleKey(1L, null), new SimpleKey(null, "a"));

    for (Object key : List.of(new SimpleKey("a", "a"), new SimpleKey(1L, 1L))) {
      assertThat(types.match(Wire.send(key))).isEqualTo(new Matches(List.of(), false));
    }
    assertThat(types.match(Wire.send(new SimpleKey(1L, "b", null))).keys()).isEmpty();
    assertThat(types.match(Wire.send(new SimpleKey(1L))).keys()).isEmpty();
  }

  @Test
  void severalTypesInOnePlace_areEachKept() {
    KeyTypes types =
        Wire.used(new SimpleKey(1L, null), new SimpleKey("a", null), new SimpleKey(null, true));

    for (Object key : List.of(new SimpleKey(1L, null), new SimpleKey("a", null))) {
      assertThat(types.match(Wire.send(key)).keys()).contains(key);
    }
    types.register(new SimpleKey("a", false));
    assertThat(types.match(Wire.send(new SimpleKey("b", true))).keys())
        .contains(new SimpleKey("b", true));
  }

  @Test
  void typeThatIsFirstUsedWhereNullWas_isNewsToLoadsThatHaveBegun() {
    long[] time = {0};
    KeyTypes types = new KeyTypes(List.of(), () -> ++time[0]);
    types.register(new SimpleKey(1L, null));
    long before = types.completeSince();

    types.register(new SimpleKey(2L, null));
    assertThat(types.completeSince()).isEqualTo(before);

    types.register(new SimpleKey(null, "a"));
    assertThat(types.completeSince()).isGreaterThan(before);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomKeys_areEvictedExactly(long seed) {
    Random random = new Random(seed);
    KeyTypes types = new KeyTypes(List.of());
    Set<Object> used = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Object key = randomKey(random, 0);
      used.add(key);
      types.register(key);
    }

    for (Object key : used) {
      Matches matches = types.match(Wire.send(key));
      assertThat(matches.keys()).isNotEmpty().allMatch(key::equals);
      assertThat(matches.unknownType()).isFalse();
    }
    for (int i = 0; i < 500; i++) {
      Object key = randomKey(random, 0);
      assertThat(types.match(Wire.send(key)).keys()).allMatch(key::equals);
    }
  }

  /** Each place has one type, or null; the number of shapes without nulls is small. */
  private static Object randomKey(Random random, int depth) {
    @Nullable Object[] parts = new @Nullable Object[7];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = random.nextBoolean() ? null : randomPart(random, i, depth);
    }
    return switch (random.nextInt(3)) {
      case 0 -> new SimpleKey(parts);
      case 1 -> Form.RECORD.key(parts);
      default -> new SimpleKey(Arrays.copyOf(parts, 3));
    };
  }

  private static Object randomPart(Random random, int place, int depth) {
    return switch (place) {
      case 0 -> random.nextLong(5);
      case 1 -> "text" + random.nextInt(5);
      case 2 -> depth < 2 ? Form.RECORD.key(randomParts(random, depth)) : random.nextBoolean();
      case 3 -> Arrays.asList(random.nextBoolean() ? null : 1L, 2L);
      case 4 -> new SimpleKey(random.nextBoolean() ? null : 1L, random.nextBoolean() ? null : "a");
      case 5 -> random.nextBoolean();
      default -> random.nextBoolean() ? Region.NORTH : Region.SOUTH;
    };
  }

  private static @Nullable Object[] randomParts(Random random, int depth) {
    @Nullable Object[] parts = new @Nullable Object[7];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = random.nextBoolean() ? null : randomPart(random, i, depth + 1);
    }
    return parts;
  }

  private static @Nullable Object[] pattern(int bits) {
    @Nullable Object[] parts = PARAMETERS.clone();
    for (int i = 0; i < parts.length; i++) {
      parts[i] = ((bits >> i) & 1) == 0 ? null : parts[i];
    }
    return parts;
  }
}
