/** The rules of the source tree that a compiler does not check, as tests. */
@NullMarked
package io.github.cacheinvalidation.architecture;

import org.jspecify.annotations.NullMarked;
