package io.github.cacheinvalidation;

import java.util.function.Function;

/**
 * Encodes and decodes the keys of an application type that messages do not support by themselves. A
 * decoded key must equal the encoded key: {@code decode(encode(key)).equals(key)}. The library
 * checks this for each key that it encodes. If it does not hold, the key counts as not encodable.
 *
 * <p>A codec takes precedence over the built-in encoding of its type. It also serves the subtypes
 * of its type that have no codec of their own. An application may have one codec for each type and
 * each name. A codec must not block and must be safe for use by many threads at the same time,
 * because the thread that applies invalidations calls it too.
 *
 * <p>If {@link #encode} throws, the key counts as not encodable, and its whole cache is invalidated
 * on all nodes. If {@link #decode} throws on a node that receives the key, that node clears the
 * cache.
 *
 * @param <T> the type of the keys
 */
public interface KeyCodec<T> {

  /** Returns the type of the keys; not a primitive type. */
  Class<T> type();

  /**
   * Returns the name of this codec, which every encoded key carries. The name is part of the
   * message format: all nodes must use the same name. It must not change while nodes with the old
   * name run.
   */
  String name();

  /**
   * Encodes a key.
   *
   * @param key the key
   * @return the key as text
   */
  String encode(T key);

  /**
   * Decodes a key. The text comes from a message, so it can be any text.
   *
   * @param text the text
   * @return the key
   * @throws RuntimeException if the text does not represent a key
   */
  T decode(String text);

  /**
   * Makes a codec from two functions.
   *
   * @param <T> the type of the keys
   * @param name the name of the codec, as returned by {@link #name()}
   * @param type the type of the keys
   * @param encode encodes a key, as {@link #encode(Object)} does
   * @param decode decodes a key, as {@link #decode(String)} does
   * @return the codec
   * @throws NullPointerException if an argument is null
   */
  static <T> KeyCodec<T> of(
      String name,
      Class<T> type,
      Function<? super T, String> encode,
      Function<String, ? extends T> decode) {
    return new FunctionKeyCodec<>(name, type, encode, decode);
  }
}
