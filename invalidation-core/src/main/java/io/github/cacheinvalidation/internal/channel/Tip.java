package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;

/**
 * The answer to a check.
 *
 * @param position the newest position of the log
 * @param serverId identifies the server that answered; changes after a failover or a restart, and
 *     after each reconnect if the server hides its identity
 * @param created whether there was no log, so that this check created one
 * @param serverMicros the time of the server's clock when it answered, in microseconds since 1970;
 *     0 if it is not known
 * @param listeners how many connections were subscribed to the channel by its name, of nodes and of
 *     other programs; 0 if that is not known, or if nodes read the log instead
 * @param twoMastersPossible whether a failover can leave a second server that accepts writes; false
 *     if that is not known
 */
public record Tip(
    Position position,
    String serverId,
    boolean created,
    long serverMicros,
    int listeners,
    boolean twoMastersPossible) {

  /** Creates an answer without what is known of the server besides its identity. */
  public Tip(Position position, String serverId, boolean created) {
    this(position, serverId, created, 0, 0, false);
  }

  /** Returns the same answer without the hints for operators. */
  public Tip withoutHints() {
    return new Tip(position, serverId, created, serverMicros, 0, false);
  }

  /** Returns the same answer without the number of listeners. */
  public Tip withoutListeners() {
    return new Tip(position, serverId, created, serverMicros, 0, twoMastersPossible);
  }
}
