/** Has the types that an application, its settings or the files in {@code META-INF} name. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure;

import org.jspecify.annotations.NullMarked;
