/** The main promises on each supported server, topology, transport and client. */
@NullMarked
package io.github.cacheinvalidation.servers;

import org.jspecify.annotations.NullMarked;
