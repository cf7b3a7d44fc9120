/** One node of the shop: an ordinary Spring Boot application that caches its products locally. */
@NullMarked
package io.github.cacheinvalidation.sample.products;

import org.jspecify.annotations.NullMarked;
