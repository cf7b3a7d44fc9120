/** Starts the shop: its nodes, and a Redis and a database if the settings name none. */
@NullMarked
package io.github.cacheinvalidation.sample;

import org.jspecify.annotations.NullMarked;
