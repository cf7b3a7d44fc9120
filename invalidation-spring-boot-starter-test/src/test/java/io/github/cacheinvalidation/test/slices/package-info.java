/** An application with repositories and a controller, for test slices. */
@NullMarked
package io.github.cacheinvalidation.test.slices;

import org.jspecify.annotations.NullMarked;
