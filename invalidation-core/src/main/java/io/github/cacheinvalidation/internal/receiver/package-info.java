/** Follows a channel: applies messages in order, finds lost ones, and reads them from the log. */
@NullMarked
package io.github.cacheinvalidation.internal.receiver;

import org.jspecify.annotations.NullMarked;
