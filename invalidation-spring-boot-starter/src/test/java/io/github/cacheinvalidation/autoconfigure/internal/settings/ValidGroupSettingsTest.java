package io.github.cacheinvalidation.autoconfigure.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.cacheinvalidation.autoconfigure.InvalidationGroupProperties;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The settings of groups; one of them is refused at the start in {@code InvalidSettingTest}. */
class ValidGroupSettingsTest {

  private static GroupSettings settings(Map<String, String> given) {
    return ValidGroupSettings.of(
        new Binder(new MapConfigurationPropertySource(given))
            .bindOrCreate("invalidation.groups", InvalidationGroupProperties.class));
  }

  @Test
  void defaults_areThoseOfTheCore() {
    assertThat(settings(Map.of())).isEqualTo(GroupSettings.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-attempts | 0 | 0 | at least 1",
        "back-off | 0s | 0s | a duration such as 10s",
        "max-back-off | 500ms | 500ms | at least that of invalidation.groups.back-off, which is 1s",
        "claim-idle-time | 10s | 10s | that of invalidation.groups.max-back-off, which is 30s",
        "poll-interval | 0s | 0s | a duration such as 10s",
        "stop-timeout | 0s | 0s | a duration such as 10s",
        "max-dead-letters | 0 | 0 | at least 1"
      })
  void badValue_isRefusedByNameWithTheRemedy(
      String name, String given, String value, String remedy) {
    String property = "invalidation.groups." + name;

    InvalidConfigurationPropertyValueException refused =
        catchThrowableOfType(
            InvalidConfigurationPropertyValueException.class,
            () -> settings(Map.of(property, given)));

    assertThat(refused.getName()).isEqualTo(property);
    assertThat(refused.getValue()).hasToString(value);
    assertThat(refused.getReason()).contains(remedy);
  }
}
