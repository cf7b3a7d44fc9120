package io.github.cacheinvalidation;

import java.util.function.Function;

/**
 * Writes and reads the keys of one application type that the wire does not know by itself. What it
 * reads must equal what was written: {@code decode(encode(key)).equals(key)}. That is tested for
 * each key that is written; where it does not hold, the key counts as one that cannot be encoded.
 *
 * <p>A codec wins over the built-in treatment of its type, and serves the subtypes of its type that
 * have no codec of their own. It is called by many threads at a time, the one that applies
 * invalidations included, so it must not block. An exception from {@link #encode} means that the
 * key cannot be encoded: its whole cache is invalidated. An exception from {@link #decode} means
 * that the key cannot be decoded here: the cache is cleared on this node.
 *
 * @param <T> the type of the keys
 */
public interface KeyCodec<T> {

  /** Returns the type of the keys. */
  Class<T> type();

  /**
   * Returns the name that travels with every key. It is part of the wire format: all nodes must use
   * the same one, and it must not change while nodes with the old name run.
   */
  String name();

  /**
   * Writes a key.
   *
   * @param key the key
   * @return its text
   */
  String encode(T key);

  /**
   * Reads a key. The text comes from the wire and can be anything.
   *
   * @param text the text
   * @return the key
   * @throws RuntimeException if the text is not that of a key
   */
  T decode(String text);

  /**
   * Makes a codec of two functions.
   *
   * @param <T> the type of the keys
   * @param name the name that travels with every key
   * @param type the type of the keys
   * @param encode writes a key
   * @param decode reads a key
   * @return the codec
   */
  static <T> KeyCodec<T> of(
      String name,
      Class<T> type,
      Function<? super T, String> encode,
      Function<String, ? extends T> decode) {
    return new FunctionKeyCodec<>(name, type, encode, decode);
  }
}
