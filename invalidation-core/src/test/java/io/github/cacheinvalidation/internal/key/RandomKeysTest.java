package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import io.github.cacheinvalidation.internal.key.SampleValues.SubAccount;
import io.github.cacheinvalidation.internal.key.SampleValues.Tariff;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import kotlin.Pair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Keys of random types, nested at random. Each number has one width and each array one type, since
 * keys that differ only there have one form.
 */
@Tag("G7")
class RandomKeysTest {

  private static final int KEYS = 1_000;

  private final KeyEncoder encoder = new KeyEncoder(List.of(SampleKeys.SKU));

  @Tag("G7.21")
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void key_isReadAsAnEqualOneWithTheSameHashCode(long seed) {
    Keys random = new Keys(seed);
    for (int i = 0; i < KEYS; i++) {
      Object key = random.key(3);

      Matches matches = Wire.used(key).match(Wire.send(key, SampleKeys.SKU));

      assertThat(matches).as("%s", key).isEqualTo(new Matches(List.of(key), false));
      assertThat(matches.keys().get(0)).as("%s", key).hasSameHashCodeAs(key);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void differentKeys_haveDifferentForms(long seed) {
    Keys random = new Keys(seed);
    Map<String, Object> forms = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      Object key = random.key(2);

      Object other = forms.putIfAbsent(form(key), key);

      assertThat(other == null || other.equals(key)).as("%s and %s", key, other).isTrue();
    }
    assertThat(forms).as("different keys").hasSizeGreaterThan(KEYS / 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keyAmongKeysOfOtherTypes_isFoundOrItsCacheIsCleared(long seed) {
    Keys random = new Keys(seed);
    KeyTypes types = Wire.used();
    List<Object> used = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Object key = random.key(2);
      used.add(key);
      types.register(key);
    }

    for (Object key : used) {
      Matches matches = types.match(Wire.send(key, SampleKeys.SKU));

      assertThat(matches.keys().contains(key) || matches.unknownType()).as("%s", key).isTrue();
      assertThat(matches.keys()).as("%s", key).allMatch(key::equals);
    }
  }

  private String form(Object key) {
    return new String(Objects.requireNonNull(encoder.encode(key)), StandardCharsets.UTF_8);
  }

  private static final class Keys {

    private final Random random;

    private final List<Supplier<Object>> scalars;

    Keys(long seed) {
      random = new Random(seed);
      scalars =
          List.of(
              () -> random.nextLong(20) - 10,
              () -> (Object) ("text \"" + random.nextInt(20)),
              random::nextBoolean,
              () -> (char) ('a' + random.nextInt(20)),
              () -> new BigDecimal(random.nextInt(20)).movePointLeft(random.nextInt(3)),
              () -> random.nextInt(20) / 4.0,
              () -> new UUID(random.nextInt(4), random.nextInt(4)),
              () -> LocalDate.of(2026, 11, 1 + random.nextInt(30)),
              () -> Instant.ofEpochSecond(random.nextInt(20)),
              () -> ZoneOffset.ofHours(random.nextInt(10)),
              () -> ZoneId.of(random.nextBoolean() ? "Europe/Berlin" : "UTC"),
              () -> random.nextBoolean() ? Region.NORTH : Region.SOUTH,
              () -> new Sku("AB-" + random.nextInt(20)));
    }

    Object key(int depth) {
      return depth == 0 || random.nextInt(4) == 0
          ? scalars.get(random.nextInt(scalars.size())).get()
          : compound(depth - 1);
    }

    private @Nullable Object part(int depth) {
      return random.nextInt(8) == 0 ? null : key(depth);
    }

    private List<@Nullable Object> parts(int depth) {
      List<@Nullable Object> parts = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        parts.add(part(depth));
      }
      return parts;
    }

    private Object compound(int depth) {
      return switch (random.nextInt(13)) {
        case 0 -> parts(depth);
        case 1 -> new HashSet<>(parts(depth));
        case 2 -> map(depth);
        case 3 -> new SimpleKey(parts(depth).toArray());
        case 4 -> new SimpleKey((Object) parts(depth).toArray());
        case 5 -> new SimpleKey(bytes(), new long[] {random.nextLong(5)});
        case 6 -> Optional.ofNullable(part(depth));
        case 7 -> Map.entry(key(depth), key(depth));
        case 8 -> new Any(part(depth));
        case 9 -> new Point(random.nextInt(20), random.nextLong(20), Region.NORTH);
        case 10 ->
            new Tariff(random.nextLong(20), "de", random.nextBoolean() ? null : Region.SOUTH);
        case 11 -> new SubAccount("tenant" + random.nextInt(3), part(depth));
        default -> new Pair<>(part(depth), part(depth));
      };
    }

    private byte[] bytes() {
      byte[] bytes = new byte[random.nextInt(3)];
      random.nextBytes(bytes);
      return bytes;
    }

    private Map<@Nullable Object, @Nullable Object> map(int depth) {
      Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
      for (Object each : new HashSet<>(parts(depth))) {
        map.put(each, part(depth));
      }
      return map;
    }
  }
}
