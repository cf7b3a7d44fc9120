package io.github.cacheinvalidation.internal.key;

/**
 * Why a key cannot be written.
 *
 * @param part the class of the key, or of the part of it that cannot be written
 * @param reason a clause whose subject is that class
 */
public record Refusal(Class<?> part, String reason) {}
