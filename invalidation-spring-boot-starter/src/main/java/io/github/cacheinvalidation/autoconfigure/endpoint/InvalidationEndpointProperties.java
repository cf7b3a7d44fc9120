package io.github.cacheinvalidation.autoconfigure.endpoint;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Settings of the endpoint.
 *
 * @param historySize How many of the last invalidations the endpoint remembers.
 * @param maxLogMessages How many messages of the log in Redis one request reads at most.
 * @param showKeys Whether the endpoint shows keys. Otherwise it shows their hashes.
 */
@ConfigurationProperties("management.endpoint.invalidation")
record InvalidationEndpointProperties(
    @DefaultValue("100") int historySize,
    @DefaultValue("500") int maxLogMessages,
    @DefaultValue("false") boolean showKeys) {

  private static final int MOST = 10_000;

  /** Refuses bad values. Not in the constructor, whose exceptions name no property. */
  InvalidationEndpointProperties checked() {
    check("history-size", historySize);
    check("max-log-messages", maxLogMessages);
    return this;
  }

  private static void check(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new InvalidConfigurationPropertyValueException(
          "management.endpoint.invalidation." + name, value, "It must be from 1 to " + MOST + ".");
    }
  }
}
