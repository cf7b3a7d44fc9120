package io.github.cacheinvalidation.rolling;

import io.github.cacheinvalidation.KeyCodec;
import java.util.List;

/** The keys of one version of an application. */
public interface VersionedKeys {

  /** Returns the key that both versions have, each in its own form. */
  Object key();

  /** Returns another key of the same kind. */
  Object other();

  /** Returns the codecs of this version. */
  default List<KeyCodec<?>> codecs() {
    return List.of();
  }
}
