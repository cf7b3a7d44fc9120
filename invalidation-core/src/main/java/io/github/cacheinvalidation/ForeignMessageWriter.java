package io.github.cacheinvalidation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the invalidations of this node in a format of the application, so that programs that read
 * only that format are told too. It is the counterpart of a {@link ForeignMessageReader}: with
 * both, nodes and programs with hand-written messages run side by side.
 *
 * <p>A writer is called for each invalidation that this node published, after the commit and after
 * the channel has accepted it. If the log refuses the message but the subscribers get it, the
 * writer is called then, once. It is not called for messages of other nodes, messages that this
 * node reads again from the log, or caches that are local only. Redis gets the messages by {@code
 * PUBLISH}, over the connection that appends to the log. As with every bare {@code PUBLISH}, a
 * program that is not subscribed at that moment misses the message.
 *
 * <ul>
 *   <li>If Redis does not answer, the messages of the invalidation are published again until Redis
 *       answers. So a message may be published more than once.
 *   <li>If the writer throws an exception, or if the Redis user has no right to publish on the
 *       channel, the message is lost. {@link InvalidationObserver#foreignWriteFailed} is called for
 *       both.
 *   <li>If more keys than {@code invalidation.publish.max-pending-keys} wait for the writers, a
 *       writer gets their whole cache instead.
 *   <li>Invalidations that wait when the node stops are published if the node is started again. The
 *       stop does not wait longer than {@code invalidation.publish.timeout} and some seconds for a
 *       writer that does not return; a warning names the writer.
 * </ul>
 *
 * <p>A daemon thread of the node calls the writers, one invalidation at a time. No write of the
 * application waits for that thread, not even in publish mode {@code await}. A writer that blocks
 * delays only the later messages of writers. Writers are used only over Redis.
 */
@FunctionalInterface
public interface ForeignMessageWriter {

  /**
   * Writes an invalidation.
   *
   * @param stale stale keys, as the application passed them to the cache ({@link
   *     Invalidation.Keys}), or a stale cache ({@link Invalidation.Whole}); the writer must not
   *     change the keys
   * @return the messages to publish; an empty list or null if there is nothing to publish
   * @throws Exception if the writer cannot write the invalidation
   */
  @Nullable List<Message> write(Invalidation.OfCache<Object> stale) throws Exception;

  /**
   * A message to publish.
   *
   * @param channel the name of the channel in Redis; any channel, used as it is
   * @param payload the message; not copied, so it must not be changed afterwards
   */
  record Message(String channel, byte[] payload) {
    public Message {
      Objects.requireNonNull(channel, "'channel' must not be null");
      Objects.requireNonNull(payload, "'payload' must not be null");
    }

    /**
     * Returns a message of text in UTF-8.
     *
     * @param channel the name of the channel in Redis
     * @param text the message
     * @return the message
     * @throws NullPointerException if an argument is null
     */
    public static Message of(String channel, String text) {
      return new Message(channel, text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
