/** The Actuator endpoint, if Spring Boot's Actuator is on the class path. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
