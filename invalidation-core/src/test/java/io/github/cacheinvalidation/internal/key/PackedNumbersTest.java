package io.github.cacheinvalidation.internal.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.message.Message;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many whole numbers in one element of a list of keys. */
@Tag("G7")
class PackedNumbersTest {

  private static String packed(long... numbers) {
    PackedNumbers packed = new PackedNumbers();
    Arrays.stream(numbers).forEach(packed::add);
    assertThat(packed.count()).isEqualTo(numbers.length);
    String wire = new String(packed.toWire(), US_ASCII);
    assertThat(wire.length()).isLessThanOrEqualTo(packed.mostBytesWithOneMore());
    return wire;
  }

  private static Matches read(KeyTypes types, String wire) {
    return types.match(Wire.key(wire));
  }

  @Test
  void theExampleOfTheDocumentation_isWrittenAsItSays() {
    assertThat(packed(7, 8, 300, -1)).isEqualTo("{\"packed\":\"DgLIBNkE\"}");
  }

  @Test
  void extremes_areReadBack() {
    long[] numbers = {
      0, Long.MIN_VALUE, Long.MAX_VALUE, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE
    };

    assertThat(read(Wire.used(1L), packed(numbers)))
        .isEqualTo(new Matches(List.copyOf(LongStream.of(numbers).boxed().toList()), false));
  }

  @Test
  void randomNumbers_areReadBack() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_124);
    for (int run = 0; run < 200; run++) {
      long[] numbers =
          LongStream.generate(() -> random.nextLong() >> random.nextInt(Long.SIZE))
              .limit(random.nextInt(1_000))
              .toArray();
      assertThat(read(Wire.used(1L), packed(numbers)).keys())
          .as("run %d", run)
          .isEqualTo(LongStream.of(numbers).boxed().toList());
    }
  }

  @Test
  void eachWidthUsedHere_getsTheNumbersThatItCanHold() {
    assertThat(read(Wire.used(1L, 1), packed(7, 1L << 40)).keys())
        .containsExactlyInAnyOrder(7, 7L, 1L << 40);
    assertThat(read(Wire.used(1), packed(7, 1L << 40))).isEqualTo(new Matches(List.of(7), false));
    assertThat(read(Wire.used("7"), packed(7))).isEqualTo(new Matches(List.of(), false));
  }

  @Test
  void none_areNoKey() {
    assertThat(read(Wire.used(1L), packed())).isEqualTo(new Matches(List.of(), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"packed\":\"gA==\"}",
        "{\"packed\":\"gICAgICAgICAgAE=\"}",
        "{\"packed\":\"/v//////////Aw==\"}",
        "{\"packed\":\"?\"}",
        "{\"packed\":\"9f-_\"}",
        "{\"packed\":\"DgLIBNkE\\n\"}",
        "{\"packed\":7}",
        "{\"packed\":[\"Dg==\"]}",
        "{\"packed\":\"Dg==\",\"more\":1}",
        "[{\"packed\":\"Dg==\"}]",
        "{\"key\":[{\"packed\":\"Dg==\"}]}"
      })
  void jsonWithoutAValidPackedForm_isAKeyOfUnknownType(String json) {
    assertThat(read(Wire.used(1L), json).unknownType()).isTrue();
  }

  @Test
  void moreThanAMessageMayName_canBeAnyKey() {
    long[] most = new long[Invalidation.MOST_KEYS];
    long[] more = new long[Invalidation.MOST_KEYS + 1];

    assertThat(read(Wire.used(1L), packed(most)).keys()).hasSize(most.length);
    assertThat(read(Wire.used(1L), packed(more)).unknownType()).isTrue();
  }

  @Test
  void severalElementsTogether_areBoundedToo() {
    String half = packed(new long[Invalidation.MOST_KEYS / 2 + 1]);

    assertThat(Wire.read(caches(half + "," + half)).invalidations())
        .containsExactly(new Invalidation.Whole<>("cache"));
    Invalidation.Keys<WireKey> keys =
        (Invalidation.Keys<WireKey>) Wire.read(caches(half + ",1")).invalidations().get(0);
    assertThat(WireKey.count(keys.keys())).isEqualTo(Invalidation.MOST_KEYS / 2 + 2);
  }

  private static String caches(String keys) {
    return "{\"v\":1,\"from\":\"n/i\",\"body\":1,\"caches\":{\"cache\":[" + keys + "]}}";
  }

  @Test
  void inANewerBody_packedNumbersAreNotRead() {
    assertThat(Wire.read(caches("{\"packed\":\"?\"}").replace("\"body\":1", "\"body\":2")))
        .extracting(Message::invalidations)
        .isEqualTo(List.of(new Invalidation.Newer<>("cache")));
  }

  @Test
  void amongKeysFromOutside_canBeAnyKey() {
    Invalidation.OpenKeys<WireKey> open =
        (Invalidation.OpenKeys<WireKey>)
            Wire.read("{\"cache\":\"a\",\"keys\":[" + packed(7) + "]}").invalidations().get(0);

    assertThat(Wire.used(1L).matchOpen(open.keys().get(0)).unknownType()).isTrue();
  }

  @Test
  void neighbours_takeLittleMoreThanAByteEach() {
    assertThat(packed(IntStream.range(1_000_000, 1_003_000).asLongStream().toArray()).length())
        .isLessThan(4_100);
  }
}
