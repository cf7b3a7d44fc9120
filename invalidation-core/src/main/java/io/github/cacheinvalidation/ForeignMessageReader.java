package io.github.cacheinvalidation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of a form that is not ours, so that whatever already announces changes can
 * invalidate caches. Asked only about what no form of docs/protocol.md describes. Called by the
 * thread that applies invalidations, one message at a time: it must not block.
 *
 * <p>A key that is a text or a whole number is tried as every key type used in the cache, as in an
 * open message; any other key means itself, and the same key with numbers of another width.
 */
@FunctionalInterface
public interface ForeignMessageReader {

  /**
   * Reads a message.
   *
   * @param payload the message, at most 1 MiB; where its place in the chain was put in front of it,
   *     without that; not to be changed
   * @return what became stale, possibly nothing; null if this reader does not know the message
   * @throws Exception if the message cannot be read; unless another reader knows it, it counts as
   *     unreadable
   */
  @Nullable List<Invalidation.OfCache<Object>> read(byte[] payload) throws Exception;
}
