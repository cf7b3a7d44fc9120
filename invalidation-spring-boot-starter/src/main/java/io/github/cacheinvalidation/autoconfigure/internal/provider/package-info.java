/** Finds which cache provider the settings and beans of an application mean. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.provider;

import org.jspecify.annotations.NullMarked;
