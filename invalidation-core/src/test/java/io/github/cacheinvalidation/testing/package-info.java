/**
 * What tests of nodes share: channels that a test scripts or disturbs, observers and subscribers
 * that record what they hear, a real Redis and the way to it, and the contract of a channel.
 */
@NullMarked
package io.github.cacheinvalidation.testing;

import org.jspecify.annotations.NullMarked;
