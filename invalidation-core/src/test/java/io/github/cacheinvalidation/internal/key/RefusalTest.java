package io.github.cacheinvalidation.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.key.SampleKeys.Chain;
import io.github.cacheinvalidation.internal.key.SampleKeys.Positive;
import io.github.cacheinvalidation.internal.key.SampleKeys.Sku;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;

/** A key that cannot be written has one part at fault, and a reason. */
@Tag("G7")
class RefusalTest {

  private static final KeyCodec<Sku> BROKEN =
      KeyCodec.of(
          "sku",
          Sku.class,
          Sku::toString,
          text -> {
            throw new IllegalStateException(text);
          });

  private final KeyEncoder encoder = new KeyEncoder(List.of(BROKEN));

  private static final class Identity {}

  @SuppressWarnings("ClassCanBeStatic") // an inner class is what is refused
  private final class Inner {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Inner;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  private static final class Stamped extends Date {
    private static final long serialVersionUID = 1L;
  }

  private record Masked(String card) {
    @Override
    @SuppressWarnings("UnusedMethod") // called by reflection
    public String card() {
      return "*";
    }
  }

  private record Rows(ArrayList<Long> rows) {}

  static Stream<Arguments> refused() {
    Chain chain = new Chain(0, null);
    for (int depth = 1; depth < Json.MAX_KEY_DEPTH; depth++) {
      chain = new Chain(depth, chain);
    }
    Function<String, String> lambda = text -> text;
    return Stream.of(
        arguments(new Object(), Object.class, "class of the JDK"),
        arguments(new Timestamp(0), Timestamp.class, "class of the JDK"),
        arguments(new Identity(), Identity.class, "does not override equals"),
        arguments(new RefusalTest().new Inner(), Inner.class, "inner class"),
        arguments(lambda, lambda.getClass(), "lambda"),
        arguments(new Stamped(), Stamped.class, "extends java.util.Date, which has fields"),
        arguments(new Masked("1"), Masked.class, "read back"),
        arguments(new Positive(1).getClass(), Class.class, "class of the JDK"),
        arguments(new Rows(new ArrayList<>()), Rows.class, "does not take a part"),
        arguments(new Sku("AB-12"), Sku.class, "KeyCodec that threw java.lang.IllegalState"),
        arguments(BigInteger.TEN.pow(100), BigInteger.class, "too long"),
        arguments(new byte[] {1}, byte[].class, "array"),
        arguments(new int[] {1}, int[].class, "array"),
        arguments(new Long[] {1L}, Long[].class, "array"),
        arguments(
            new SimpleKey((Object) new ArrayList<?>[] {new ArrayList<>()}),
            ArrayList[].class,
            "element"),
        arguments(chain, Chain.class, "nests values more than 8 deep"),
        arguments(new SimpleKey(new Object[256]), SimpleKey.class, "more than 255 elements"),
        arguments(
            IntStream.rangeClosed(0, 1024).boxed().collect(Collectors.toSet()),
            java.util.HashSet.class,
            "more than 1024 elements"),
        arguments(
            IntStream.rangeClosed(0, 1024)
                .boxed()
                .collect(Collectors.toMap(Function.identity(), Function.identity())),
            java.util.HashMap.class,
            "more than 1024 elements"));
  }

  @Tag("G7.13")
  @ParameterizedTest
  @MethodSource("refused")
  void key_isRefusedWithItsClassAndTheReason(Object key, Class<?> part, String reason) {
    assertThat(encoder.encode(key)).isNull();
    assertThat(encoder.refusal(key).part()).isEqualTo(part);
    assertThat(encoder.refusal(key).reason()).contains(reason);
  }

  static Stream<Object> around() {
    return Stream.of(
        new SimpleKey(1L, new Masked("1")),
        List.of(new Masked("1")),
        Set.of(new Masked("1")),
        Map.of("a", new Masked("1")),
        Map.of(new Masked("1"), "a"),
        Map.entry("a", new Masked("1")),
        java.util.Optional.of(new Masked("1")),
        new SimpleKey((Object) new Masked[] {new Masked("1")}),
        new SampleKeys.Any(new Masked("1")),
        new SampleValues.SubAccount("a", List.of(new Masked("1"))));
  }

  @ParameterizedTest
  @MethodSource("around")
  void part_isNamedInsteadOfTheKeyAroundIt(Object key) {
    assertThat(encoder.encode(key)).isNull();
    assertThat(encoder.refusal(key).part()).isEqualTo(Masked.class);
  }

  static Stream<Object> equalToThemselves() {
    return Stream.of(
        List.of(new byte[] {1}),
        Set.of(new int[] {1}),
        Map.of("a", new String[] {"a"}),
        Map.entry("a", new byte[] {1}),
        java.util.Optional.of(new byte[] {1}),
        new SampleKeys.Any(new byte[] {1}),
        new SimpleKey(List.of(new byte[] {1})));
  }

  @ParameterizedTest
  @MethodSource("equalToThemselves")
  void arrayThatIsComparedByIdentity_isNotWritten(Object key) {
    assertThat(encoder.encode(key)).isNull();
    assertThat(encoder.refusal(key).reason()).contains("not equal");
  }

  @Test
  void collectionThatContainsItself_isNotWritten() {
    List<Object> list = new ArrayList<>();
    list.add(Collections.unmodifiableCollection(list));
    IdentityHashMap<Object, Object> map = new IdentityHashMap<>();
    map.put("a", List.of(map));

    assertThat(encoder.encode(list)).isNull();
    assertThat(encoder.encode(map)).isNull();
  }

  @Test
  void messageOfAnException_isNotPartOfTheReason() {
    record Secret(String text) {
      @Override
      @SuppressWarnings("UnusedMethod") // called by reflection
      public String text() {
        throw new IllegalStateException(text);
      }
    }

    assertThat(encoder.refusal(new Secret("4711")).reason())
        .contains("threw java.lang.IllegalStateException")
        .doesNotContain("4711");
  }
}
