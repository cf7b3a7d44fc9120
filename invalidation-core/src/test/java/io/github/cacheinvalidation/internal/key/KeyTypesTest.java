package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.key.KeyTypes.Matches;
import io.github.cacheinvalidation.internal.key.SampleKeys.Any;
import io.github.cacheinvalidation.internal.key.SampleKeys.Chain;
import io.github.cacheinvalidation.internal.key.SampleKeys.Moment;
import io.github.cacheinvalidation.internal.key.SampleKeys.Point;
import io.github.cacheinvalidation.internal.key.SampleKeys.Positive;
import io.github.cacheinvalidation.internal.key.SampleKeys.Price;
import io.github.cacheinvalidation.internal.key.SampleKeys.Region;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

@Tag("G7")
class KeyTypesTest {

  private static final Matches NOTHING = new Matches(List.of(), false);
  private static final Matches UNKNOWN = new Matches(List.of(), true);
  private static final String P = "io.github.cacheinvalidation.internal.key.SampleKeys$";

  @Test
  void severalWidthsUsedHere_giveAKeyOfEach() {
    assertThat(Wire.used(1L, 1, "1").match(Wire.key("7")).keys()).containsExactlyInAnyOrder(7L, 7);
  }

  @Test
  void typedText_isNoNumber() {
    assertThat(Wire.used(1L).match(Wire.key("\"7\""))).isEqualTo(NOTHING);
  }

  @Test
  void scalarOfATypeNotUsedHere_meansNothing() {
    assertThat(Wire.used(1L).match(Wire.send(new UUID(1, 2)))).isEqualTo(NOTHING);
  }

  @Test
  void enumNotUsedHere_isUnknown() {
    assertThat(Wire.used(1L).match(Wire.send(Region.NORTH))).isEqualTo(UNKNOWN);
  }

  @Test
  void enumConstantMissingHere_isUnknown() {
    KeyTypes types = Wire.used(Region.NORTH);

    assertThat(types.match(Wire.key("{\"enum\":[\"" + P + "Region\",\"WEST\"]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void enumConstantNotLookedUpYet_isBuilt() {
    assertThat(Wire.used(Region.NORTH).match(Wire.send(Region.SOUTH)).keys())
        .containsExactly(Region.SOUTH);
  }

  @Tag("G7.7")
  @Test
  void recordRenamedElsewhere_isUnknown() {
    KeyTypes types = Wire.used(new Positive(1));

    assertThat(types.match(Wire.key("{\"record\":[\"com.example.OldName\",[1]]}")))
        .isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]", // fewer
        "[1,2,{\"enum\":[\"$Region\",\"NORTH\"]},4]", // more
        "[\"1\",2,{\"enum\":[\"$Region\",\"NORTH\"]}]", // other scalar
        "[null,2,{\"enum\":[\"$Region\",\"NORTH\"]}]", // null where it cannot be
        "[1,2,{\"enum\":[\"com.example.Region\",\"NORTH\"]}]", // other enum
        "[1,2,{\"enum\":[\"$Region\",\"WEST\"]}]", // no such constant
        "[1,2,[]]",
        "[1,2,{\"key\":[]}]",
        "[1,{\"uuid\":\"x\"},null]"
      })
  void recordWithOtherComponentsElsewhere_isUnknown(String components) {
    KeyTypes types = Wire.used(new Point(1, 2L, Region.NORTH));
    String json = "{\"record\":[\"" + P + "Point\"," + components.replace("$", P) + "]}";

    assertThat(types.match(Wire.key(json))).isEqualTo(UNKNOWN);
  }

  @Test
  void listBecameSomethingElseInARecord_isUnknown() {
    KeyTypes types = Wire.used(new Price(1, Region.NORTH, List.of("a")));

    assertThat(types.match(Wire.key("{\"record\":[\"" + P + "Price\",[1,null,\"a\"]]}")))
        .isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.key("{\"record\":[\"" + P + "Price\",[1,null,{\"key\":[]}]]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void nestedRecordBecameSomethingElse_isUnknown() {
    KeyTypes types = Wire.used(new Chain(1, new Chain(2, null)));

    assertThat(types.match(Wire.key("{\"record\":[\"" + P + "Chain\",[1,\"x\"]]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void recordWithAComponentValueNotUsedHere_meansNothing() {
    assertThat(Wire.used(new Any(null), new Any(1L)).match(Wire.send(new Any("x"))))
        .isEqualTo(NOTHING);
    assertThat(
            Wire.used(new Price(1, Region.NORTH, List.of()))
                .match(Wire.send(new Price(1, Region.NORTH, List.of("a")))))
        .isEqualTo(NOTHING);
    assertThat(
            Wire.used(new Point(1, 2L, Region.NORTH))
                .match(Wire.key("{\"record\":[\"" + P + "Point\",[4294967296,2,null]]}")))
        .isEqualTo(NOTHING);
  }

  @Test
  void recordWhoseConstructorThrows_isUnknown() {
    assertThat(
            Wire.used(new Positive(1)).match(Wire.key("{\"record\":[\"" + P + "Positive\",[-1]]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void codecUnknownHere_isUnknown() {
    assertThat(Wire.used(1L).match(Wire.key("{\"codec\":[\"isbn\",\"1\"]}"))).isEqualTo(UNKNOWN);
    assertThat(Wire.used(1L).match(Wire.send(new Sku("AB-12"), SampleKeys.SKU))).isEqualTo(UNKNOWN);
  }

  @Test
  void codecThatCannotDecode_isUnknown() {
    assertThat(Wire.used(new Sku("AB-12")).match(Wire.key("{\"codec\":[\"sku\",\"??\"]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void codecThatGivesAnotherType_isUnknown() {
    @SuppressWarnings({"unchecked", "rawtypes"}) // a careless application can do this
    KeyCodec<?> liar =
        KeyCodec.of("liar", (Class) Sku.class, Object::toString, text -> (Object) text);

    assertThat(
            Wire.usedWith(List.of(liar), new Sku("AB-12"))
                .match(Wire.key("{\"codec\":[\"liar\",\"a\"]}")))
        .isEqualTo(UNKNOWN);
  }

  @Test
  void partOfUnknownType_makesTheKeyUnknown() {
    KeyTypes types = Wire.used(new SimpleKey(1L, "a"), List.of(1L));

    assertThat(types.match(Wire.send(new SimpleKey(1L, Region.NORTH)))).isEqualTo(UNKNOWN);
    assertThat(types.match(Wire.send(List.of(Region.NORTH)))).isEqualTo(UNKNOWN);
  }

  @Test
  void partThatCannotBeBuilt_makesTheKeyUnknown() {
    String west = "{\"enum\":[\"" + P + "Region\",\"WEST\"]}";

    assertThat(
            Wire.used(new SimpleKey(1L, Region.NORTH))
                .match(Wire.key("{\"key\":[1," + west + "]}")))
        .isEqualTo(UNKNOWN);
    assertThat(Wire.used(List.of(Region.NORTH)).match(Wire.key("[" + west + "]")))
        .isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"future\":\"x\"}",
        "{}",
        "{\"uuid\":7}",
        "{\"uuid\":\"x\",\"a\":1}",
        "1.5",
        "[{\"future\":1}]"
      })
  void formThatThisReleaseDoesNotKnow_isUnknown(String json) {
    assertThat(Wire.used(1L).match(Wire.key(json))).isEqualTo(UNKNOWN);
  }

  @Test
  void textThatItsTagCannotHave_isUnknownWhereThatTypeIsUsed() {
    assertThat(Wire.used(new UUID(1, 2)).match(Wire.key("{\"uuid\":\"x\"}"))).isEqualTo(UNKNOWN);
    assertThat(Wire.used(1L).match(Wire.key("{\"uuid\":\"x\"}"))).isEqualTo(NOTHING);
  }

  @Test
  void listOfOneShape_coversEveryLength() {
    KeyTypes types = Wire.used(List.of(1L));

    assertThat(types.match(Wire.key("[1,2,3]")).keys()).containsExactly(List.of(1L, 2L, 3L));
    assertThat(types.match(Wire.key("[]")).keys()).containsExactly(List.of());
    assertThat(types.match(Wire.key("[1,null]")).keys()).containsExactly(Arrays.asList(1L, null));
  }

  @Test
  void nullPart_isCoveredByEveryShapeOfAPart() {
    assertThat(Wire.used(new SimpleKey(1L, "a")).match(Wire.key("{\"key\":[null,\"b\"]}")).keys())
        .containsExactly(new SimpleKey(null, "b"));
  }

  @Test
  void simpleKeyOfOtherShape_meansNothing() {
    KeyTypes types = Wire.used(new SimpleKey(1L, "a"));

    assertThat(types.match(Wire.send(new SimpleKey("a", 1L)))).isEqualTo(NOTHING);
    assertThat(types.match(Wire.send(new SimpleKey(1L, "a", "b")))).isEqualTo(NOTHING);
    assertThat(types.match(Wire.send(List.of(1L, "a")))).isEqualTo(NOTHING);
  }

  @Test
  void listsAndSimpleKeys_areNotMixedUp() {
    assertThat(Wire.used(List.of(1L, "a")).match(Wire.send(new SimpleKey(1L, "a"))))
        .isEqualTo(NOTHING);
  }

  @Test
  void typeFirstUsedWithNull_isKnownOnceItIsUsedWithAValue() {
    KeyTypes types = Wire.used(new SimpleKey(1L, null));
    assertThat(types.match(Wire.key("{\"key\":[1,\"a\"]}"))).isEqualTo(NOTHING);

    types.register(new SimpleKey(1L, "b"));

    assertThat(types.match(Wire.key("{\"key\":[1,\"a\"]}")).keys())
        .containsExactly(new SimpleKey(1L, "a"));
  }

  @Test
  void codecOfASubtypeOfAComponentType_isUsed() {
    KeyCodec<Long> codec =
        KeyCodec.of("hex", Long.class, Long::toHexString, text -> Long.parseLong(text, 16));
    KeyTypes types = Wire.usedWith(List.of(codec), new Any(1L), new Point(1, 2L, Region.NORTH));

    assertThat(types.match(Wire.send(new Any(255L), codec)).keys()).containsExactly(new Any(255L));
    Point point = new Point(1, 255L, Region.NORTH);
    assertThat(types.match(Wire.send(point, codec)).keys()).containsExactly(point);
  }

  @Test
  void codecOfASubtypeOfABuiltInComponentType_isUsed() {
    KeyCodec<Timestamp> codec =
        KeyCodec.of("timestamp", Timestamp.class, Timestamp::toString, Timestamp::valueOf);
    Moment moment = new Moment(Timestamp.valueOf("2026-11-24 03:50:00"));
    KeyTypes types = Wire.usedWith(List.of(codec), moment);

    assertThat(types.match(Wire.send(moment, codec)).keys()).containsExactly(moment);
  }

  @Test
  void moreShapesThanAreKept_makeEveryCompoundKeyUnknown() {
    KeyTypes types = new KeyTypes(List.of());
    List<Object> wide = new ArrayList<>();
    for (int i = 0; i <= KeyTypes.MAX_SHAPES; i++) {
      wide.add(1L);
      types.register(new SimpleKey(wide.toArray()));
    }
    types.register(1L);
    types.register("a");

    assertThat(types.match(Wire.key("7"))).isEqualTo(new Matches(List.of(7L), false));
    assertThat(types.match(Wire.key("{\"uuid\":\"x\"}"))).isEqualTo(NOTHING);
    assertThat(types.match(Wire.send(new SimpleKey(7L))))
        .isEqualTo(new Matches(List.of(new SimpleKey(7L)), true));
    assertThat(types.match(Wire.send(List.of(1L)))).isEqualTo(UNKNOWN);
    assertThat(types.matchOpen(Wire.key("7")).unknownType()).isTrue();
  }

  @Test
  void asManyShapesAsAreKept_areNoOverflow() {
    KeyTypes types = new KeyTypes(List.of());
    List<Object> wide = new ArrayList<>();
    for (int i = 0; i < KeyTypes.MAX_SHAPES; i++) {
      wide.add(1L);
      types.register(new SimpleKey(wide.toArray()));
    }

    assertThat(types.match(Wire.send(List.of(1L)))).isEqualTo(NOTHING);
  }

  @Test
  void strings_areUsedOnceAStringOrItsCodecIs() {
    KeyCodec<String> codec = KeyCodec.of("s", String.class, s -> s, s -> s);

    assertThat(Wire.used(1L, new SimpleKey("a", "b")).usesStrings()).isFalse();
    assertThat(Wire.used(1L, "a").usesStrings()).isTrue();
    assertThat(Wire.usedWith(List.of(codec), "a").usesStrings()).isTrue();
  }

  @Test
  void manyThreadsRegister_nothingIsLost() throws Exception {
    List<Object> keys =
        List.of(1L, 1, "a", Region.NORTH, new SimpleKey(1L, "a"), List.of("a"), new Positive(1));
    ExecutorService executor = Executors.newFixedThreadPool(keys.size());
    try {
      for (int round = 0; round < 200; round++) {
        KeyTypes types = new KeyTypes(List.of());
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (Object key : keys) {
          done.add(
              executor.submit(
                  () -> {
                    start.await();
                    types.register(key);
                    return null;
                  }));
        }
        start.countDown();
        for (Future<?> each : done) {
          each.get(10, TimeUnit.SECONDS);
        }
        for (Object key : keys) {
          assertThat(types.match(Wire.send(key)).keys()).contains(key);
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
