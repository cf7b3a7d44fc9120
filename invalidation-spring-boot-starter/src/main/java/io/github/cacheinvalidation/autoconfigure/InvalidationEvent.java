package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened on the node of an application. It is published as an event of the
 * application context, so a method with {@code @EventListener} and a parameter of this type gets
 * it.
 *
 * <p>Listeners are called one event after the other, in order, some time after the event: on a
 * thread of the bean {@code applicationTaskExecutor}, or on a thread of the starter if there is no
 * such bean. At most 1,100 events wait. A listener that is too slow misses events, and the log says
 * so; events of kind {@link Kind#APPLIED} and {@link Kind#CLEARED} are dropped first. What happened
 * before the application context was refreshed is published then. Immutable.
 *
 * @param kind what happened
 * @param time when it happened, by the clock of this machine
 * @param status the status of the node after the event; null if a cache is concerned
 * @param cache the name of the cache; null if the node is concerned
 * @param reason why the cache was cleared; null for other kinds
 * @param keys how many keys a message named, whether or not the cache held them; 0 for other kinds
 */
public record InvalidationEvent(
    Kind kind,
    Instant time,
    @Nullable NodeStatus status,
    @Nullable String cache,
    @Nullable ClearReason reason,
    int keys) {

  /** What happened. */
  public enum Kind {
    /** The node has joined its channel. */
    JOINED,
    /** The node has come into the state {@link NodeStatus.State#CUT_OFF}. */
    CUT_OFF,
    /** The node is in the state {@link NodeStatus.State#COHERENT} again. */
    COHERENT,
    /** A whole cache was cleared on this node. */
    CLEARED,
    /** Keys that a message named were invalidated in a cache of this node. */
    APPLIED
  }
}
