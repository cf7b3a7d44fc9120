/** Tells meters, events and logs what happened. */
@NullMarked
package io.github.cacheinvalidation.observer;

import org.jspecify.annotations.NullMarked;
