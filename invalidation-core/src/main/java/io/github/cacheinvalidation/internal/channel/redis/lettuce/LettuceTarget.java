package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import java.util.function.Supplier;

/**
 * The server of the channel, and how Lettuce connects to it.
 *
 * @param server the host and port of the server; an empty text if there is no single server
 * @param encrypted whether connections are encrypted
 * @param settings called once for each client, by the thread that makes the first connection, so
 *     that the start of the application does not load the classes of Lettuce
 */
public record LettuceTarget(String server, boolean encrypted, Supplier<LettuceSettings> settings) {}
