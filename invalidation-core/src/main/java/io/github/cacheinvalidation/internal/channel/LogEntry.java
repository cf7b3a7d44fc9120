package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;

/**
 * An entry of the log.
 *
 * @param position where it stands
 * @param body the message as it was published; {@code {}} for the first entry of a log
 */
public record LogEntry(Position position, byte[] body) {}
