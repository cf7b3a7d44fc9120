/** One node of the shop: a plain Spring Boot application that caches its products locally. */
@NullMarked
package io.github.cacheinvalidation.sample.products;

import org.jspecify.annotations.NullMarked;
