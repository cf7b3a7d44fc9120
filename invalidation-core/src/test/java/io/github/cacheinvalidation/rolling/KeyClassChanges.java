package io.github.cacheinvalidation.rolling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Differences between the key classes of two versions of an application. */
final class KeyClassChanges {

  /** What the other version does. */
  enum Outcome {
    EVICTS,
    CLEARS
  }

  /** The two versions, and what a write in one of them does in the other. */
  record Change(ApplicationVersion before, ApplicationVersion after, Outcome outcome) {}

  private KeyClassChanges() {}

  /** Returns the changes by their names. */
  static Map<String, Change> all() {
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
}
