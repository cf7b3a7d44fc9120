package io.github.cacheinvalidation.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Logs once, when the application starts, why the starter is inactive. */
final class StandingBackNotice implements SmartInitializingSingleton {

  private static final Logger log =
      LoggerFactory.getLogger(CacheInvalidationAutoConfiguration.class);

  private final String reason;

  /**
   * Creates the notice.
   *
   * @param reason what makes the starter inactive, and the remedy
   */
  StandingBackNotice(String reason) {
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  @Override
  public void afterSingletonsInstantiated() {
    log.warn("Cache invalidation is inactive: {}", reason);
  }
}
