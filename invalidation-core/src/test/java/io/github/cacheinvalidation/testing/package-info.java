/**
 * Shared helpers of node tests: scripted and disturbed channels, recording observers and
 * subscribers, a real Redis behind a proxy, and the contract of a channel.
 */
@NullMarked
package io.github.cacheinvalidation.testing;

import org.jspecify.annotations.NullMarked;
