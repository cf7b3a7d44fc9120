package io.github.cacheinvalidation.autoconfigure.internal.beans;

import org.slf4j.Logger;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.StringUtils;

/** Logs once, when the application starts, why the starter is inactive. */
final class InactiveNotice implements SmartInitializingSingleton {

  private static final Logger log = StarterLog.get();

  private final String reason;

  InactiveNotice(NotDefaultReason reason) {
    this.reason =
        reason.cause()
            + ". "
            + StringUtils.capitalize(reason.remedy())
            + ", to use local caches that receive the writes of all nodes";
  }

  /** Returns what makes the starter inactive, and the remedy. */
  String reason() {
    return reason;
  }

  @Override
  public void afterSingletonsInstantiated() {
    log.warn("Cache invalidation is inactive: {}", reason);
  }
}
