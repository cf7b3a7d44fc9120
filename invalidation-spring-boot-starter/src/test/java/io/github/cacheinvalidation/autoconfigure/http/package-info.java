/** Applications with a web server, for tests in several packages. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.http;

import org.jspecify.annotations.NullMarked;
