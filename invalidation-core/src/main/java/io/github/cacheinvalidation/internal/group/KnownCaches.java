package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.internal.key.KeyTypes;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The caches of this node, which help to read a message. */
public interface KnownCaches {

  /** Returns the key types of a cache; null if this node has no such cache. */
  @Nullable KeyTypes keyTypes(String cache);

  /** Returns the names of the caches. */
  Collection<String> names();
}
