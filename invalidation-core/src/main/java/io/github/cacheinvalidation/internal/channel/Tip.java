package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;

/**
 * The answer to a check.
 *
 * @param position the newest position of the log
 * @param serverId identifies the server that answered; changes after a failover or a restart, and
 *     after each reconnect if the server hides its identity
 * @param created whether there was no log, so that this check created one
 */
public record Tip(Position position, String serverId, boolean created) {}
