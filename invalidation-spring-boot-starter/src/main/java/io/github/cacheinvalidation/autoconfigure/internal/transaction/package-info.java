/** Shows the node the transactions and persistence contexts of the application. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import org.jspecify.annotations.NullMarked;
