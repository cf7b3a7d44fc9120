/**
 * Tests of applications that use the starter: several nodes in one test, with faults, and
 * assertions about the invalidations of one application. An argument or a result is never null
 * unless it is marked {@code Nullable} or its description says so.
 */
@NullMarked
package io.github.cacheinvalidation.test;

import org.jspecify.annotations.NullMarked;
