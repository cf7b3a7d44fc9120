package io.github.cacheinvalidation.internal.transaction;

/**
 * A value that a transaction has loaded and keeps for its own later lookups.
 *
 * @param storeValue the value in the form in which the cache holds it
 * @param begun the stamp that was taken before the load began
 */
public record KeptLoad(Object storeValue, long begun) {}
