/** The page that shows the nodes of the running shop, and lets a visitor disturb them. */
@NullMarked
package io.github.cacheinvalidation.sample.page;

import org.jspecify.annotations.NullMarked;
