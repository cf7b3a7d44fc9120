package io.github.cacheinvalidation.autoconfigure.internal.beans;

/**
 * Why the cache manager of the node is not the default one.
 *
 * @param cause what the application has, as a clause
 * @param remedy what makes it the default one, as a clause in the imperative
 */
record NotDefaultReason(String cause, String remedy) {}
