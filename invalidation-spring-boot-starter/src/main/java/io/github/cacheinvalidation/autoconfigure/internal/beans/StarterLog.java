package io.github.cacheinvalidation.autoconfigure.internal.beans;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logger for what no node says: that the starter is inactive, or beside another cache manager.
 * It is named after the auto-configuration. That imports this package, so no class here imports it.
 */
final class StarterLog {

  static final String NAME =
      "io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration";

  private StarterLog() {}

  static Logger get() {
    return LoggerFactory.getLogger(NAME);
  }
}
