package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.cache.Cache;

/** No form of an invalidation is lost on the way from a write to the caches of another node. */
class InvalidationFormsTest {

  /** Each form that can be put into the outbox. A form of messages only clears the whole cache. */
  private static final List<Invalidation.OfCache<Object>> WRITTEN =
      List.of(
          Invalidation.keys("prices", "a"),
          new Invalidation.Whole<>("prices"),
          new Invalidation.OpenKeys<>("prices", List.of("a")),
          new Invalidation.Newer<>("prices"));

  private static final List<WireKey> KEYS = List.of(WireKey.text("a"));

  private static final List<Invalidation<WireKey>> READ =
      List.of(
          new Invalidation.Keys<>("prices", KEYS),
          new Invalidation.Whole<>("prices"),
          new Invalidation.OpenKeys<>("prices", KEYS),
          new Invalidation.Newer<>("prices"),
          new Invalidation.Everything<>(),
          new Invalidation.Prefixed<>("prices:a"));

  private final TestCaches here = TestCaches.create();

  private final TestCaches there = TestCaches.create();

  private final Cache prices = there.cache("prices");

  @BeforeEach
  void fill() {
    prices.put("a", 10);
  }

  private static Stream<Class<?>> formsOf(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(InvalidationFormsTest::formsOf)
        : Stream.of(type);
  }

  @Test
  void everyForm_isTriedHere() {
    assertThat(formsOf(Invalidation.class)).hasSameElementsAs(classes(READ));
    assertThat(formsOf(Invalidation.OfCache.class)).hasSameElementsAs(classes(WRITTEN));
  }

  private static List<Class<?>> classes(List<?> samples) {
    return samples.stream().<Class<?>>map(Object::getClass).toList();
  }

  @ParameterizedTest
  @FieldSource("READ")
  void everyForm_isApplied(Invalidation<WireKey> form) {
    there.receive(form);

    assertThat(prices.get("a")).isNull();
  }

  @ParameterizedTest
  @FieldSource("WRITTEN")
  void everyFormOfACache_travelsThroughTheOutbox(Invalidation.OfCache<Object> form) {
    here.outbox().addAll(List.of(form));
    here.deliverTo(there);

    assertThat(prices.get("a")).isNull();
  }
}
