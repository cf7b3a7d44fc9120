package io.github.cacheinvalidation;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Handles the invalidations of all nodes once in the whole fleet, for example to purge a CDN, to
 * update a search index, or to notify a partner. All nodes with a handler of the same {@link
 * #group} share the messages in the log of the channel, and in those of the cache channels of their
 * nodes: each message is handed to the handler of one of these nodes. Declare it as a bean.
 * Handlers are used over Redis only, from version 6.2 on.
 *
 * <p>Each message is handled <em>at least</em> once, and usually once:
 *
 * <ul>
 *   <li>If a handler throws an exception, the message is handed over again after a growing pause,
 *       on any node. After the last attempt ({@code invalidation.groups.max-attempts}) it becomes a
 *       dead letter: it is counted, and kept in a stream of its own in Redis.
 *   <li>If a node dies while its handler runs, or the handler runs for longer than {@code
 *       invalidation.groups.claim-idle-time}, another node gets the message as well.
 *   <li>If messages were lost before the group got them, {@link #everythingMayHaveChanged} is
 *       called instead.
 * </ul>
 *
 * <p>Not promised: any order, and that a message is handled only once; {@link Message#id} tells a
 * repetition. The handler gets what is in the log. A bare {@code PUBLISH} of another program is not
 * in the log, nor are messages of caches that are local only.
 *
 * <p>A daemon thread of the node, one for each group, calls the methods, one call at a time. While
 * a call runs, this node takes no further message for the group. A handler may block. A stop of the
 * node waits for a running call, for {@code invalidation.groups.stop-timeout} at most, and then
 * interrupts it. A write to a cache in a handler is an invalidation like any other, and is handed
 * to the group too.
 */
public interface InvalidationGroupHandler {

  /**
   * Returns the name of the group, the same on all nodes and at each call. A group keeps its place
   * in the log under this name, also while none of its nodes runs.
   *
   * @return 1 to 64 letters, digits, {@code .}, {@code -} or {@code _}
   */
  String group();

  /**
   * Handles a message. The message counts as handled when this method returns.
   *
   * @param message what became stale
   * @throws Exception if the message could not be handled; it is handed over again
   */
  void handle(Message message) throws Exception;

  /**
   * Handles that every key of every cache may have changed. Called on one node of the fleet, with
   * the same attempts as for a message, when:
   *
   * <ul>
   *   <li>the group is new or was deleted, or the log was deleted;
   *   <li>the log no longer has messages that the group has not handled;
   *   <li>another Redis server answers, or the same one after a restart;
   *   <li>a message says that all caches are stale, or cannot be read.
   * </ul>
   *
   * <p>With several channels this is called for each of them. Messages are handed over as usual
   * before and after this call.
   *
   * @throws Exception if that could not be handled; the method is called again
   */
  void everythingMayHaveChanged() throws Exception;

  /**
   * A message.
   *
   * @param id identifies the message, the same in each attempt and on each node: its id in the log,
   *     and for a cache channel {@code @} and the name of the channel
   * @param attempt the number of this attempt, from 1; it also counts an attempt of a node that
   *     died before it called the handler
   * @param stale stale keys ({@link Invalidation.Keys}) and stale caches ({@link
   *     Invalidation.Whole}), at least one
   */
  record Message(String id, int attempt, List<Invalidation.OfCache<Key>> stale) {
    public Message {
      Objects.requireNonNull(id, "'id' must not be null");
      stale = List.copyOf(stale);
    }
  }

  /**
   * A stale key.
   *
   * @param text the key as text, the same on each node: the text of a scalar, the name of an enum
   *     constant, the text that a {@link KeyCodec} wrote, or a JSON array with the texts of the
   *     parts of any other key
   * @param value the key, if its type is used in this cache on this node; else null. The handler
   *     must not change it
   */
  record Key(String text, @Nullable Object value) {
    public Key {
      Objects.requireNonNull(text, "'text' must not be null");
    }
  }
}
