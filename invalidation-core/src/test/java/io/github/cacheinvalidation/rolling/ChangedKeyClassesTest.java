package io.github.cacheinvalidation.rolling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Two versions of an application whose key classes differ, on one channel: a write in either
 * version leaves nothing old in the other. It evicts the key or clears the cache.
 */
@Tag("G7")
@Tag("G7.18")
class ChangedKeyClassesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String CACHE = "prices";

  private static final String END = "end";

  private static final Map<String, UnaryOperator<Object>> PLACES = places();

  private final LocalHub hub = new LocalHub();

  private final List<DefaultInvalidationNode> nodes = new ArrayList<>();

  private final RecordingObserver reading = new RecordingObserver();

  private static Map<String, UnaryOperator<Object>> places() {
    Map<String, UnaryOperator<Object>> places = new LinkedHashMap<>();
    places.put("the key itself", key -> key);
    places.put("one of several parameters", key -> new SimpleKey(7L, key));
    places.put("an element of a list", key -> List.of(key));
    return places;
  }

  /** Changes that docs/protocol.md names as not noticed: the keys of both versions are valid. */
  static Stream<Arguments> changesOfParameters() {
    return Stream.of(
        arguments(
            "parameter of another type", version("", "\"7\"", "\"8\""), version("", "7L", "8L")),
        arguments(
            "parameter more",
            version("", parameters("7L, \"de\""), parameters("8L, \"de\"")),
            version("", parameters("7L, \"de\", 1"), parameters("8L, \"de\", 1"))),
        arguments(
            "elements of a set",
            version("", "Set.of(\"7\")", "Set.of(\"8\")"),
            version("", "Set.of(7L)", "Set.of(8L)")),
        arguments(
            "values of a map",
            version("", "Map.of(1L, \"7\")", "Map.of(1L, \"8\")"),
            version("", "Map.of(1L, 7L)", "Map.of(1L, 8L)")),
        arguments(
            "value of an optional",
            version("", "Optional.of(\"7\")", "Optional.of(\"8\")"),
            version("", "Optional.of(7L)", "Optional.of(8L)")),
        arguments(
            "type argument of a parameter",
            version("record Box<T>(T id) {}", "new Box<>(\"7\")", "new Box<>(\"8\")"),
            version("record Box<T>(T id) {}", "new Box<>(7L)", "new Box<>(8L)")));
  }

  private static ApplicationVersion version(String types, String key, String other) {
    return ApplicationVersion.of(types, key, other);
  }

  private static String parameters(String parameters) {
    return "new org.springframework.cache.interceptor.SimpleKey(" + parameters + ")";
  }

  static Stream<Arguments> changesInEachPlace() {
    return KeyClassChanges.all().entrySet().stream()
        .flatMap(
            change ->
                PLACES.keySet().stream()
                    .flatMap(
                        place ->
                            Stream.of(true, false)
                                .map(upgraded -> arguments(change.getKey(), place, upgraded))));
  }

  @ParameterizedTest
  @MethodSource("changesInEachPlace")
  void writeOfTheOtherVersion_leavesNothingOld(String name, String place, boolean fromOldToNew) {
    KeyClassChanges.Change change = requireNonNull(KeyClassChanges.all().get(name));
    UnaryOperator<Object> in = requireNonNull(PLACES.get(place));
    VersionedKeys writer = (fromOldToNew ? change.before() : change.after()).load();
    VersionedKeys reader = (fromOldToNew ? change.after() : change.before()).load();
    CoherentCacheManager writing = node("writer", writer, new RecordingObserver());
    CoherentCacheManager caches = node("reader", reader, reading);
    Object key = in.apply(reader.key());
    Object other = in.apply(reader.other());
    fill(caches, key, other);

    cache(writing, CACHE).evict(in.apply(writer.key()));
    awaitAllApplied(writing, caches);

    assertThat(cache(caches, CACHE).get(key)).as("the key").isNull();
    boolean otherIsKept = cache(caches, CACHE).get(other) != null;
    assertThat(otherIsKept ? KeyClassChanges.Outcome.EVICTS : KeyClassChanges.Outcome.CLEARS)
        .isEqualTo(change.outcome());
    assertThat(clears()).hasSize(otherIsKept ? 0 : 1);

    fill(caches, key, other);
    awaitAllApplied(writing, caches);
    assertThat(cache(caches, CACHE).get(key)).as("the key, loaded again").isNotNull();
    assertThat(clears()).as("clears without a write").isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changesOfParameters")
  void writeWithOtherParameters_isNotNoticed(
      String name, ApplicationVersion before, ApplicationVersion after) {
    VersionedKeys writer = before.load();
    VersionedKeys reader = after.load();
    CoherentCacheManager writing = node("writer", writer, new RecordingObserver());
    CoherentCacheManager caches = node("reader", reader, reading);
    fill(caches, reader.key(), reader.other());

    cache(writing, CACHE).evict(writer.key());
    awaitAllApplied(writing, caches);

    assertThat(cache(caches, CACHE).get(reader.key())).as("the key").isNotNull();
    assertThat(clears()).isEmpty();
  }

  private static void fill(CoherentCacheManager caches, Object key, Object other) {
    cache(caches, CACHE).get(key, () -> "value");
    cache(caches, CACHE).get(other, () -> "another value");
    cache(caches, END).get(1L, () -> "value");
  }

  /** Messages are applied in order, so all earlier ones are applied when this one is. */
  private static void awaitAllApplied(CoherentCacheManager writing, CoherentCacheManager caches) {
    cache(writing, END).evict(1L);
    await().atMost(PATIENCE).until(() -> cache(caches, END).get(1L) == null);
  }

  private List<String> clears() {
    return reading.newCacheEvents().stream().filter(event -> event.startsWith("cleared")).toList();
  }

  private CoherentCacheManager node(String name, VersionedKeys keys, RecordingObserver observer) {
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(() -> hub.open("channel"))
            .codecs(keys.codecs())
            .observer(observer)
            .build();
    nodes.add(node);
    node.start();
    await().atMost(PATIENCE).until(() -> node.status().isJoined());
    return node.cacheManager();
  }

  private static Cache cache(CoherentCacheManager caches, String name) {
    return requireNonNull(caches.getCache(name));
  }

  @AfterEach
  void close() {
    nodes.forEach(DefaultInvalidationNode::close);
  }
}
