/** Redis drivers that take settings or connections from a connection factory of Spring Data. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.springdata;

import org.jspecify.annotations.NullMarked;
