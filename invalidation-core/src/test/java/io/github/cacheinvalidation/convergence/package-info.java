/**
 * Nodes under random reads, writes and faults over one database, and a judge that knows when each
 * version was committed and which of them a read may still be answered with.
 */
@NullMarked
package io.github.cacheinvalidation.convergence;

import org.jspecify.annotations.NullMarked;
