/** The rules for auto-configurations and their metadata, as tests. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.architecture;

import org.jspecify.annotations.NullMarked;
