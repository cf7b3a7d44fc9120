package io.github.cacheinvalidation.internal.key;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON forms of keys that are made of other values and have a tag of their own. */
enum CompoundForm {
  /** The parts are the elements, in any order. */
  SET("set"),

  /** The parts are the first key, its value, the second key, and so on. */
  MAP("map"),

  /** The parts are the key and the value. */
  ENTRY("entry"),

  /** The parts are the elements. */
  ARRAY("array"),

  /** The only part is the content, null if it is empty. */
  OPTIONAL("optional");

  /**
   * The most elements of a set or a map. Elements with the same hash code are compared with each
   * other, so an unlimited number would make a short message expensive.
   */
  static final int MOST_ELEMENTS = 1024;

  /** A test for several interfaces takes longer than this look-up. */
  private static final ClassValue<Optional<CompoundForm>> FORMS =
      new ClassValue<>() {
        @Override
        protected Optional<CompoundForm> computeValue(Class<?> type) {
          return Optional.ofNullable(ofType(type));
        }
      };

  private final String tag;

  CompoundForm(String tag) {
    this.tag = tag;
  }

  String tag() {
    return tag;
  }

  /** Returns the form of a value, or null if it has none of these: lists and records have not. */
  static @Nullable CompoundForm of(Object value) {
    return FORMS.get(value.getClass()).orElse(null);
  }

  /** Returns the form of the values of a type, or null if it has none of these. */
  static @Nullable CompoundForm ofType(Class<?> type) {
    if (List.class.isAssignableFrom(type) || type.isRecord()) {
      return null;
    }
    if (Set.class.isAssignableFrom(type)) {
      return SET;
    }
    if (Map.class.isAssignableFrom(type)) {
      return MAP;
    }
    if (Map.Entry.class.isAssignableFrom(type)) {
      return ENTRY;
    }
    if (type.isArray()) {
      return ARRAY;
    }
    return OptionalShape.isOptional(type) ? OPTIONAL : null;
  }

  /** Returns the form with this tag, or null if there is none. */
  static @Nullable CompoundForm withTag(String tag) {
    return switch (tag) {
      case "set" -> SET;
      case "map" -> MAP;
      case "entry" -> ENTRY;
      case "array" -> ARRAY;
      case "optional" -> OPTIONAL;
      default -> null;
    };
  }
}
