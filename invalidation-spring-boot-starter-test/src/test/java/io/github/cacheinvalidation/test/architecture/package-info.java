/** Rules for the sources of this module, and its documentation. */
@NullMarked
package io.github.cacheinvalidation.test.architecture;

import org.jspecify.annotations.NullMarked;
