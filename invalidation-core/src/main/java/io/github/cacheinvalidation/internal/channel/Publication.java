package io.github.cacheinvalidation.internal.channel;

/**
 * A message to publish.
 *
 * @param nonce the random id of this attempt; each attempt has a new one
 * @param body the message, a JSON object in UTF-8 that is not empty; not copied, so it must not be
 *     changed afterwards
 */
public record Publication(String nonce, byte[] body) {}
