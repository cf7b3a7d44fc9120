/** What the tests share: a real Redis, a channel with faults, the contract of a channel. */
@NullMarked
package io.github.cacheinvalidation.testing;

import org.jspecify.annotations.NullMarked;
