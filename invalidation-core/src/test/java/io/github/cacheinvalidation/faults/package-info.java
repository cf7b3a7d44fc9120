/** Whole nodes over a real server, with faults between the nodes and the server. */
@NullMarked
package io.github.cacheinvalidation.faults;

import org.jspecify.annotations.NullMarked;
