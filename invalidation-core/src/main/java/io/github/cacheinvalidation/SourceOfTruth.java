package io.github.cacheinvalidation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one cache from where they come from, such as the database, so that the node
 * can find cached values that are stale. Declare it as a bean, at most one for each cache.
 *
 * <p>The node then reads a few random keys that it holds, {@code invalidation.judge.rate} keys a
 * second over all its caches, and compares. A cached value that differs is looked at again when the
 * node knows that it has applied every message of the following staleness bound. If the key was not
 * invalidated meanwhile, and the cache still holds the same object, and the source still has
 * another value, that is a mismatch: it is counted, logged, and the entry is evicted on this node.
 *
 * <p>A daemon thread of the node calls {@link #read} and {@link #same} of all beans, one call at a
 * time, outside of any transaction, and only while the node is coherent. Such a call may block; no
 * caller of a cache waits for it. A stop of the node waits two seconds for a running call, and then
 * interrupts it. Any thread may call {@link #cache}.
 */
public interface SourceOfTruth {

  /**
   * Returns the name of the cache, the same at each call. A cache that is local only has no
   * staleness bound, and its values are not compared.
   */
  String cache();

  /**
   * Reads the value of a key that the cache holds. It must read the source that the annotated
   * method reads, and no cache: a value that comes from a cache tells nothing.
   *
   * @param key the key as the cache holds it; must not be changed
   * @return what the annotated method would return now; null if there is no such value any more. An
   *     {@code Optional} stands for its content, as for Spring's annotations
   * @throws Exception if the value cannot be read; that is counted and logged, and is no mismatch
   */
  @Nullable Object read(Object key) throws Exception;

  /**
   * Returns whether two values mean the same. By default they are compared by {@code equals}, and
   * arrays by their elements. Override it if the class of the values has no {@code equals}, or if
   * some part of a value may be old.
   *
   * @param cached the value that the cache holds; null if it holds null
   * @param current the value that {@link #read} has returned
   */
  default boolean same(@Nullable Object cached, @Nullable Object current) {
    return Objects.deepEquals(cached, current);
  }
}
