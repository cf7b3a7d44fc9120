package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A glob pattern as {@code PSUBSCRIBE} reads it, byte by byte: {@code *} matches any bytes, {@code
 * ?} one byte, {@code [a-c]} one byte of a set, {@code [^a-c]} one byte outside of it, and a
 * backslash takes the special meaning from the byte that follows it.
 */
final class GlobPattern {

  private static final int BYTES = 256;

  /** A star, or a set of allowed bytes. */
  private record Place(boolean star, BitSet allowed) {}

  private final List<Place> places = new ArrayList<>();

  private final byte[] text;

  private int at;

  private GlobPattern(byte[] text) {
    this.text = text;
    while (at < text.length) {
      places.add(place());
    }
  }

  static GlobPattern of(byte[] text) {
    return new GlobPattern(text);
  }

  private Place place() {
    int first = next();
    BitSet allowed = new BitSet(BYTES);
    switch (first) {
      case '*' -> {}
      case '?' -> allowed.set(0, BYTES);
      case '[' -> readSet(allowed);
      default -> allowed.set(first == '\\' && at < text.length ? next() : first);
    }
    return new Place(first == '*', allowed);
  }

  /** A set that is not closed ends with the pattern, as in Redis. */
  private void readSet(BitSet allowed) {
    boolean not = at < text.length && text[at] == '^';
    if (not) {
      at++;
    }
    while (at < text.length) {
      int first = next();
      if (first == ']') {
        break;
      }
      if (first == '\\' && at < text.length) {
        allowed.set(next());
      } else if (at + 1 < text.length && text[at] == '-') {
        at++;
        int last = next();
        allowed.set(Math.min(first, last), Math.max(first, last) + 1);
      } else {
        allowed.set(first);
      }
    }
    if (not) {
      allowed.flip(0, BYTES);
    }
  }

  private int next() {
    return text[at++] & 0xFF;
  }

  /** Tries the shortest match of each star first, and goes back to the last star only. */
  boolean matches(byte[] name) {
    int place = 0;
    int byteAt = 0;
    int star = -1;
    int afterStar = 0;
    while (byteAt < name.length) {
      if (isStar(place)) {
        star = place++;
        afterStar = byteAt;
      } else if (allows(place, name[byteAt])) {
        place++;
        byteAt++;
      } else if (star >= 0) {
        place = star + 1;
        byteAt = ++afterStar;
      } else {
        return false;
      }
    }
    while (isStar(place)) {
      place++;
    }
    return place == places.size();
  }

  private boolean isStar(int place) {
    return place < places.size() && places.get(place).star();
  }

  private boolean allows(int place, byte value) {
    return place < places.size() && places.get(place).allowed().get(value & 0xFF);
  }
}
