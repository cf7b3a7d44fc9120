/** An application with a database, and its tests: the examples of docs/testing.md. */
@NullMarked
package io.github.cacheinvalidation.test.shop;

import org.jspecify.annotations.NullMarked;
