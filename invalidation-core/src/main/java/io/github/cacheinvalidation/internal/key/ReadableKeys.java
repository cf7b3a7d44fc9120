package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns wire keys into keys that an application can read, whether or not it uses their type. */
public final class ReadableKeys {

  private ReadableKeys() {}

  /**
   * Returns the keys of a message.
   *
   * @param keys the keys on the wire
   * @param types the key types of their cache; null if this node does not have that cache
   * @param open whether another program wrote the keys
   * @return a key for each; null if a key has a form that this release does not know
   */
  public static @Nullable List<InvalidationGroupHandler.Key> of(
      Collection<WireKey> keys, @Nullable KeyTypes types, boolean open) {
    List<InvalidationGroupHandler.Key> readable = new ArrayList<>(WireKey.count(keys));
    for (WireKey key : KeyText.first(keys, Integer.MAX_VALUE)) {
      if (!isKnown(key)) {
        return null;
      }
      readable.add(readable(key, types, open));
    }
    return readable;
  }

  private static InvalidationGroupHandler.Key readable(
      WireKey key, @Nullable KeyTypes types, boolean open) {
    String text = KeyText.withoutParts(key);
    return new InvalidationGroupHandler.Key(
        text == null ? json(key) : text, value(key, types, open));
  }

  /** Returns the only key that a wire key can mean; null if it can mean none here, or several. */
  private static @Nullable Object value(WireKey key, @Nullable KeyTypes types, boolean open) {
    if (key instanceof WireValue.Local local) {
      return local.key();
    }
    if (types == null) {
      return null;
    }
    KeyTypes.Matches matches = open ? types.matchOpen(key) : types.match(key);
    return matches.keys().size() == 1 && !matches.unknownType() ? matches.keys().get(0) : null;
  }

  private static boolean isKnown(WireKey key) {
    return !(key instanceof WireValue.Unknown || key instanceof WireValue.Packed)
        && KeyText.parts(key).stream().allMatch(ReadableKeys::isKnown);
  }

  private static String json(WireKey key) {
    String text = KeyText.withoutParts(key);
    if (text != null) {
      boolean bare =
          key instanceof WireValue.Whole
              || key instanceof WireValue.BigWhole
              || key instanceof WireValue.Fraction
              || key instanceof WireValue.Bool
              || key == WireValue.Null.NULL;
      return bare ? text : new String(Json.quote(text), StandardCharsets.UTF_8);
    }
    return KeyText.parts(key).stream()
        .map(ReadableKeys::json)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
