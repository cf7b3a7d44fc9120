package io.github.cacheinvalidation;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of itself at one moment. Times are those of the wall clock of this machine.
 *
 * @param state what the node promises now
 * @param since when it entered that state
 * @param reason why it is in that state, in words for a person; null where nothing is wrong
 * @param impairments what does not work at present; in the states {@link State#JOINING}, {@link
 *     State#CUT_OFF} and {@link State#STOPPED} only
 * @param lastConfirmed as of when the node is known to have applied every accepted message; before
 *     its first answer, when it was made, since it holds nothing older
 * @param pendingKeys how many keys wait to be published
 * @param channel the name of the channel; null before the first start
 * @param server who answered the node since its start; null before the first answer
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
   * What a node promises. Where several descriptions hold, the state is the one that comes last
   * here. In every state the caches answer, and none of them answers with an entry that was
   * confirmed longer ago than the staleness bound of that cache.
   */
  public enum State {
    /**
     * Everything that the server had accepted up to {@code lastConfirmed} is applied here; what was
     * accepted later is applied when it arrives, and its loss is noticed one timeout after the next
     * check. Entered and left only as the other states are left and entered.
     */
    COHERENT,

    /**
     * Messages may have been missed: what the log has is being read, the subscription is being made
     * anew, or a check that failed has not been made up for. Left when a check is confirmed that
     * was sent since, with a subscription older than that check. Until then missed messages may not
     * be applied.
     */
    CATCHING_UP,

    /**
     * Another server or another log answered, so messages may be lost for good. New messages are
     * applied and confirmed, but each cache still holds entries from before, which it clears within
     * its own staleness bound. Left when no cache holds any, at the next check interval.
     */
    SUSPECTING,

    /**
     * The last check failed, the subscription is lost, or the last message was not accepted; {@link
     * NodeStatus#impairments()} says which. The node tries again and again. Nothing that was
     * written here is dropped: it waits to be published. Left when none of these is so any more.
     */
    CUT_OFF,

    /**
     * The node is started and has not joined its channel yet; perhaps no server has answered. What
     * is loaded before the first answer is cleared when it comes. Left when a check is confirmed
     * that was sent after the subscription was made, or when the node stops.
     */
    JOINING,

    /**
     * The node is not started, is stopping or has stopped: it hears of no write of another node.
     * What is written here waits for the next start, or for the close of the node. Impairments are
     * those that were there at the stop, and those of the last attempts to publish what is pending.
     */
    STOPPED
  }

  /** What can fail by itself. */
  public enum Impairment {
    /** The subscription has ended or could not be made. Over when it is made. */
    SUBSCRIPTION,
    /** A check or a reading of the log failed. Over when a check is answered. */
    CHECKS,
    /** A message had no answer or could not be sent. Over when one is accepted. */
    PUBLICATIONS,
    /** A message was refused by the server. Over when one is accepted. */
    REFUSALS
  }
}
