/** Health, if Spring Boot's health module is on the class path. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
