/** Validates settings, gives them the form that the core takes, and finds misspelt ones. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.settings;

import org.jspecify.annotations.NullMarked;
