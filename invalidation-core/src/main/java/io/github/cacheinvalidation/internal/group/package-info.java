/** Hands the messages of the log to the application, each once in the whole fleet. */
@NullMarked
package io.github.cacheinvalidation.internal.group;

import org.jspecify.annotations.NullMarked;
