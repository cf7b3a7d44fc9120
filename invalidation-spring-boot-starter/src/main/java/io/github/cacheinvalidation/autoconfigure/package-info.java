/** Turns the starter on in a Spring Boot application: beans, settings, and what the log says. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure;

import org.jspecify.annotations.NullMarked;
