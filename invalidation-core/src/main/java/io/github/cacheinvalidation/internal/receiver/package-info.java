/** Follows a channel: applies messages in order, finds gaps, and replays them from the log. */
@NullMarked
package io.github.cacheinvalidation.internal.receiver;

import org.jspecify.annotations.NullMarked;
