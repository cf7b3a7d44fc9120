/** The Lua scripts and stream commands that append to the log and read it. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.script;

import org.jspecify.annotations.NullMarked;
