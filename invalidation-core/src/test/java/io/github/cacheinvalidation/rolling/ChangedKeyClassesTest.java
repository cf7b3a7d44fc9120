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
import java.util.Collections;
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

  /** What the other version does. */
  enum Outcome {
    EVICTS,
    CLEARS
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

  private static String parameters(String parameters) {
    return "new org.springframework.cache.interceptor.SimpleKey(" + parameters + ")";
  }

  private static Map<String, Change> changes() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put(
        "component added",
        new Change(
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            version(
                "record Price(long product, String region) {}",
                "new Price(7, \"de\")",
                "new Price(8, \"de\")"),
            Outcome.CLEARS));
    changes.put(
        "component renamed",
        new Change(
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            version("record Price(long article) {}", "new Price(7)", "new Price(8)"),
            Outcome.CLEARS));
    changes.put(
        "components reordered, one type",
        new Change(
            version("record Leg(long from, long to) {}", "new Leg(1, 2)", "new Leg(2, 1)"),
            version("record Leg(long to, long from) {}", "new Leg(2, 1)", "new Leg(1, 2)"),
            Outcome.CLEARS));
    changes.put(
        "components reordered, two types",
        new Change(
            version(
                "record Leg(long from, String to) {}", "new Leg(1, \"a\")", "new Leg(2, \"a\")"),
            version(
                "record Leg(String to, long from) {}", "new Leg(\"a\", 1)", "new Leg(\"a\", 2)"),
            Outcome.CLEARS));
    changes.put(
        "component of another width",
        new Change(
            version("record Price(int product) {}", "new Price(7)", "new Price(8)"),
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            Outcome.CLEARS));
    changes.put(
        "component of another scalar type",
        new Change(
            version("record Price(String product) {}", "new Price(\"7\")", "new Price(\"8\")"),
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            Outcome.CLEARS));
    changes.put(
        "component that became an enum",
        new Change(
            version(
                "record Price(String region) {}", "new Price(\"NORTH\")", "new Price(\"SOUTH\")"),
            version(
                "enum Region { NORTH, SOUTH } record Price(Region region) {}",
                "new Price(Region.NORTH)",
                "new Price(Region.SOUTH)"),
            Outcome.CLEARS));
    changes.put(
        "component whose elements have another type",
        new Change(
            version(
                "record Tags(List<String> ids) {}",
                "new Tags(List.of(\"7\"))",
                "new Tags(List.of())"),
            version(
                "record Tags(List<Long> ids) {}", "new Tags(List.of(7L))", "new Tags(List.of(8L))"),
            Outcome.CLEARS));
    changes.put(
        "set whose elements have another type",
        new Change(
            version(
                "record Tags(Set<String> ids) {}", "new Tags(Set.of(\"7\"))", "new Tags(Set.of())"),
            version(
                "record Tags(Set<Long> ids) {}", "new Tags(Set.of(7L))", "new Tags(Set.of(8L))"),
            Outcome.CLEARS));
    changes.put(
        "list that became a set",
        new Change(
            version(
                "record Tags(List<String> ids) {}",
                "new Tags(List.of(\"7\"))",
                "new Tags(List.of())"),
            version(
                "record Tags(Set<String> ids) {}", "new Tags(Set.of(\"7\"))", "new Tags(Set.of())"),
            Outcome.CLEARS));
    changes.put(
        "map whose values have another type",
        new Change(
            version(
                "record Prices(Map<String, Integer> of) {}",
                "new Prices(Map.of(\"de\", 7))",
                "new Prices(Map.of(\"de\", 8))"),
            version(
                "record Prices(Map<String, Long> of) {}",
                "new Prices(Map.of(\"de\", 7L))",
                "new Prices(Map.of(\"de\", 8L))"),
            Outcome.CLEARS));
    changes.put(
        "component that became optional",
        new Change(
            version("record Price(String region) {}", "new Price(\"de\")", "new Price(\"fr\")"),
            version(
                "record Price(Optional<String> region) {}",
                "new Price(Optional.of(\"de\"))",
                "new Price(Optional.empty())"),
            Outcome.CLEARS));
    changes.put(
        "set, map and optional, nothing but the build",
        new Change(
            version(
                "record Key(Set<Long> ids, Map<String, Long> of, Optional<Long> one) {}",
                "new Key(Set.of(7L, 8L), Map.of(\"a\", 7L), Optional.of(7L))",
                "new Key(Set.of(7L), Map.of(\"a\", 7L), Optional.of(7L))"),
            version(
                "record Key(Set<Long> ids, Map<String, Long> of, Optional<Long> one) {} enum Other { A }",
                "new Key(Set.of(8L, 7L), Map.of(\"a\", 7L), Optional.of(7L))",
                "new Key(Set.of(7L), Map.of(\"a\", 7L), Optional.of(7L))"),
            Outcome.EVICTS));
    changes.put(
        "component whose class was renamed",
        new Change(
            version(
                "record Place(int id) {} record Price(Place place) {}",
                "new Price(new Place(7))",
                "new Price(new Place(8))"),
            version(
                "record Location(int id) {} record Price(Location place) {}",
                "new Price(new Location(7))",
                "new Price(new Location(8))"),
            Outcome.CLEARS));
    changes.put(
        "component whose class has another component",
        new Change(
            version(
                "record Place(int id) {} record Price(Place place) {}",
                "new Price(new Place(7))",
                "new Price(new Place(8))"),
            version(
                "record Place(int id, int floor) {} record Price(Place place) {}",
                "new Price(new Place(7, 0))",
                "new Price(new Place(8, 0))"),
            Outcome.CLEARS));
    changes.put(
        "constant added",
        new Change(
            version("enum Region { NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH"),
            version("enum Region { WEST, NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH"),
            Outcome.EVICTS));
    changes.put(
        "constant renamed",
        new Change(
            version("enum Region { NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH"),
            version("enum Region { NORD, SOUTH }", "Region.NORD", "Region.SOUTH"),
            Outcome.CLEARS));
    changes.put(
        "enum that became a record",
        new Change(
            version("enum Region { NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH"),
            version(
                "record Region(String name) {}", "new Region(\"NORTH\")", "new Region(\"SOUTH\")"),
            Outcome.CLEARS));
    changes.put(
        "class that became a record",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")"),
            version("record Sku(String text) {}", "new Sku(\"a\")", "new Sku(\"b\")"),
            Outcome.CLEARS));
    changes.put(
        "class with a codec that became a record",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")").withCodec(codec("sku")),
            version("record Sku(String text) {}", "new Sku(\"a\")", "new Sku(\"b\")"),
            Outcome.CLEARS));
    changes.put(
        "codec renamed",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")").withCodec(codec("sku")),
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")").withCodec(codec("article")),
            Outcome.CLEARS));
    changes.put(
        "class with a codec that became a record with that codec",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")").withCodec(codec("sku")),
            version("record Sku(String text) {}", "new Sku(\"a\")", "new Sku(\"b\")")
                .withCodec(codec("sku")),
            Outcome.EVICTS));
    changes.put(
        "record moved to another package",
        new Change(
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            version("record Price(long product) {}", "new Price(7)", "new Price(8)")
                .inPackage("shop.prices"),
            Outcome.CLEARS));
    changes.put(
        "enum moved to another package",
        new Change(
            version("enum Region { NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH"),
            version("enum Region { NORTH, SOUTH }", "Region.NORTH", "Region.SOUTH")
                .inPackage("shop.regions"),
            Outcome.CLEARS));
    changes.put(
        "field of an immutable class renamed",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")"),
            version(CLASS.replace("text", "code"), "new Sku(\"a\")", "new Sku(\"b\")"),
            Outcome.CLEARS));
    changes.put(
        "immutable class moved to another package",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")"),
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")").inPackage("shop.articles"),
            Outcome.CLEARS));
    changes.put(
        "immutable class, nothing but the build",
        new Change(
            version(CLASS, "new Sku(\"a\")", "new Sku(\"b\")"),
            version(CLASS + "enum Other { A }", "new Sku(\"a\")", "new Sku(\"b\")"),
            Outcome.EVICTS));
    changes.put(
        "nothing but the build",
        new Change(
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            version("record Price(long product) {}", "new Price(7)", "new Price(8)"),
            Outcome.EVICTS));
    return Collections.unmodifiableMap(changes);
  }

  private static final String CLASS =
      """
      static final class Sku {
        final String text;
        Sku(String text) { this.text = text; }
        String text() { return text; }
        public boolean equals(Object other) { return other instanceof Sku sku && sku.text.equals(text); }
        public int hashCode() { return text.hashCode(); }
      }
      """;

  private static String codec(String name) {
    return "KeyCodec.of(\"" + name + "\", Sku.class, Sku::text, Sku::new)";
  }

  private static ApplicationVersion version(String types, String key, String other) {
    return ApplicationVersion.of(types, key, other);
  }

  private record Change(ApplicationVersion before, ApplicationVersion after, Outcome outcome) {}

  static Stream<Arguments> changesInEachPlace() {
    return changes().entrySet().stream()
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
    Change change = requireNonNull(changes().get(name));
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
    assertThat(otherIsKept ? Outcome.EVICTS : Outcome.CLEARS).isEqualTo(change.outcome());
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
