/** Encodes keys as JSON, and finds the local keys that an encoded key can mean. */
@NullMarked
package io.github.cacheinvalidation.internal.key;

import org.jspecify.annotations.NullMarked;
