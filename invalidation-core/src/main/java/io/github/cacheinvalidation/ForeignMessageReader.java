package io.github.cacheinvalidation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages in a format of the application, so that another program that already announces
 * changes can invalidate caches. A reader is called only for a message that matches no format of
 * docs/protocol.md. Readers are called in the order of their registration, until one of them knows
 * the message. A thread that applies invalidations calls a reader, with one message at a time. A
 * reader must not block.
 *
 * <p>A {@link ForeignMessageWriter} is the counterpart.
 *
 * <p>A key that is a {@code String}, {@code Long}, {@code Integer}, {@code Short} or {@code Byte}
 * is matched against every key type used in the cache. Any other key matches an equal key, and the
 * same key with numbers of another width. More than {@value Invalidation#MOST_OPEN_KEYS} keys of
 * one cache stand for the whole cache. Keys must not be null.
 */
@FunctionalInterface
public interface ForeignMessageReader {

  /**
   * Reads a message.
   *
   * @param payload the message, at most 1 MiB, without the position that may precede it on the
   *     wire; the reader must not change the array
   * @return the stale keys and caches; an empty list if the message invalidates nothing; null if
   *     this reader does not know the message
   * @throws Exception if the reader cannot read the message; if no other reader knows the message,
   *     it counts as unreadable
   */
  @Nullable List<Invalidation.OfCache<Object>> read(byte[] payload) throws Exception;
}
