/** Starts the shop: its nodes, and a Redis and a database where none are named. */
@NullMarked
package io.github.cacheinvalidation.sample;

import org.jspecify.annotations.NullMarked;
