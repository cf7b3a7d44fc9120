package io.github.cacheinvalidation.autoconfigure.internal.settings;

import io.github.cacheinvalidation.autoconfigure.InvalidationGroupProperties;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Validates the settings of groups, and turns them into the form that the core takes. */
public final class ValidGroupSettings {

  private static final String PREFIX = "invalidation.groups.";

  private static final String MAX_BACK_OFF = "max-back-off";

  private ValidGroupSettings() {}

  public static GroupSettings of(InvalidationGroupProperties properties) {
    return new GroupSettings(
        positive("max-attempts", properties.getMaxAttempts()),
        duration("back-off", properties.getBackOff()),
        atLeast(
            MAX_BACK_OFF,
            duration(MAX_BACK_OFF, properties.getMaxBackOff()),
            "back-off",
            properties.getBackOff()),
        atLeast(
            "claim-idle-time",
            duration("claim-idle-time", properties.getClaimIdleTime()),
            MAX_BACK_OFF,
            properties.getMaxBackOff()),
        duration("poll-interval", properties.getPollInterval()),
        duration("stop-timeout", properties.getStopTimeout()),
        positive("max-dead-letters", properties.getMaxDeadLetters()));
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new InvalidConfigurationPropertyValueException(
          PREFIX + name, value, "The value must be at least 1. Set it to 1 or more, or remove it");
    }
    return value;
  }

  private static Duration duration(String name, Duration value) {
    return NodeSettings.requireDuration(PREFIX + name, value);
  }

  private static Duration atLeast(String name, Duration value, String other, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new InvalidConfigurationPropertyValueException(
          PREFIX + name,
          NodeSettings.text(value),
          "The value must be at least that of "
              + PREFIX
              + other
              + ", which is "
              + NodeSettings.text(least)
              + ". Raise the first or lower the second");
    }
    return value;
  }
}
