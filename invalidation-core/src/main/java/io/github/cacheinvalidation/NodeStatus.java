package io.github.cacheinvalidation;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The status of a node at one moment. Immutable. Times are from the wall clock of this machine.
 *
 * @param state the state of the node, which says what the node promises
 * @param since when the node entered that state
 * @param reason why the node is in that state, as a text for a person; null if nothing is wrong
 * @param impairments the functions that fail at present; empty except in the states {@link
 *     State#JOINING}, {@link State#CUT_OFF} and {@link State#STOPPED}; copied
 * @param lastConfirmed the time up to which the node is known to have applied every accepted
 *     message; before the first answer, the time at which the node was made, because its caches
 *     hold nothing older
 * @param pendingKeys the number of keys that wait to be published
 * @param channel the name of the channel; null before the first start
 * @param server the server that answered last since the start of the node; null before the first
 *     answer
 */
public record NodeStatus(
    State state,
    Instant since,
    @Nullable String reason,
    Set<Impairment> impairments,
    Instant lastConfirmed,
    int pendingKeys,
    @Nullable String channel,
    @Nullable String server) {

  public NodeStatus {
    EnumSet<Impairment> copy = EnumSet.noneOf(Impairment.class);
    copy.addAll(impairments);
    impairments = Collections.unmodifiableSet(copy);
  }

  /** Returns whether the node has joined since its start, and has not stopped since. */
  public boolean isJoined() {
    return state != State.JOINING && state != State.STOPPED;
  }

  /**
   * The promise that a node gives. If several descriptions apply, the state is the last of them in
   * this list. In every state the caches answer lookups, and no cache answers with an entry whose
   * last confirmation is older than the staleness bound of that cache.
   */
  public enum State {
    /**
     * The node has applied every message that the server had accepted up to {@code lastConfirmed}.
     * It applies a later message when the message arrives. A loss is detected at the latest one
     * timeout after the next check. The node is in this state while no other state applies.
     */
    COHERENT,

    /**
     * The node may have missed messages: it is replaying the log, it is making its subscription
     * again, or a check failed and no later check is confirmed yet. Missed messages may not be
     * applied yet. The state ends with the first confirmed check that was sent after both the node
     * had noticed the problem and the present subscription was made.
     */
    CATCHING_UP,

    /**
     * Another server or another log answered, so messages may be lost for good. The node applies
     * and confirms new messages. At least one cache still holds suspect entries from before; each
     * cache clears them within its own staleness bound. The state ends at the first check interval
     * at which no cache holds such entries.
     */
    SUSPECTING,

    /**
     * The last check or the last reading of the log failed, the subscription is lost, or the last
     * message was not accepted; {@link NodeStatus#impairments()} says which. The node keeps trying.
     * Writes on this node are not dropped: their keys wait to be published. The state ends when all
     * of these work again.
     */
    CUT_OFF,

    /**
     * The node is started and has not joined its channel yet; possibly no server has answered.
     * Values that are loaded before the first answer are cleared when that answer arrives. The
     * state ends when a check is confirmed that was sent after the subscription was made, or when
     * the node stops.
     */
    JOINING,

    /**
     * The node is not started, is stopping or has stopped. It receives no invalidations from other
     * nodes. Keys written on this node wait to be published until the next start, or the close of
     * the node. The impairments are those at the time of the stop, changed by the last attempts to
     * publish pending keys.
     */
    STOPPED
  }

  /** A function of the node that can fail independently of the others. */
  public enum Impairment {
    /** The subscription has ended or could not be made. Ends when the subscription is made. */
    SUBSCRIPTION,
    /** A check or a reading of the log failed. Ends when a check is answered. */
    CHECKS,
    /** A message had no answer or could not be sent. Ends when a message is accepted. */
    PUBLICATIONS,
    /** The server refused a message. Ends when a message is accepted. */
    REFUSALS
  }
}
