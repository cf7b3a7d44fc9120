package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;

/**
 * An entry of the log.
 *
 * @param position the position of the entry
 * @param body the message as it was published; {@code {}} for the first entry made by a check
 */
public record LogEntry(Position position, byte[] body) {}
