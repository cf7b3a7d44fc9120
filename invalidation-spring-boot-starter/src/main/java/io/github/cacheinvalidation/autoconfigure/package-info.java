/** Configures the starter in a Spring Boot application: beans, settings and log messages. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure;

import org.jspecify.annotations.NullMarked;
