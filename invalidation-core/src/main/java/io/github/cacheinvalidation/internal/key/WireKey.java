package io.github.cacheinvalidation.internal.key;

import java.util.Collection;
import java.util.Objects;

/**
 * A key as it was on the wire. Its Java type on this node is not known yet, and no class named by
 * the wire was loaded. {@link KeyTypes} turns it into the keys that it can mean here.
 */
public sealed interface WireKey permits WireValue {

  /**
   * Returns the wire key of a plain text.
   *
   * @param text the text
   * @return the key
   */
  static WireKey text(String text) {
    return new WireValue.Text(Objects.requireNonNull(text, "'text' must not be null"));
  }

  /**
   * Returns how many keys a list names; one element of the list can stand for many keys.
   *
   * @param keys the list
   * @return the number of keys, at most {@link Integer#MAX_VALUE}
   */
  static int count(Collection<WireKey> keys) {
    long count = keys.size();
    for (WireKey key : keys) {
      count += key instanceof WireValue.Packed packed ? packed.size() - 1L : 0;
    }
    return (int) Math.min(count, Integer.MAX_VALUE);
  }
}
