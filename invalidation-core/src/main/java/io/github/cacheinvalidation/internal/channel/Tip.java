package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;

/**
 * The answer to a check.
 *
 * @param position the newest position of the log
 * @param serverId who answered: another value after a failover or a restart; where the server hides
 *     its identity, another value after each reconnect
 * @param created whether there was no log, so that this check made one
 */
public record Tip(Position position, String serverId, boolean created) {}
