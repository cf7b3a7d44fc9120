/**
 * The API for applications: invalidate from code, teach keys and foreign messages, observe a node.
 */
@NullMarked
package io.github.cacheinvalidation;

import org.jspecify.annotations.NullMarked;
