/**
 * Encodes keys as JSON, and finds the local keys that an encoded key can mean. A key travels from
 * {@code KeyEncoder} through {@code KeyWriter} to the {@code Shape} of its class; on the other node
 * from {@code WireKeyParser} through {@code KeyTypes} to the shapes that are used there.
 */
@NullMarked
package io.github.cacheinvalidation.internal.key;

import org.jspecify.annotations.NullMarked;
