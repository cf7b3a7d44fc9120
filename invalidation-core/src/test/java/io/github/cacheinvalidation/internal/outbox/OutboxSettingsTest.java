package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.cacheinvalidation.Invalidation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxSettingsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Invalidation.MOST_KEYS + 1})
  void batchThatNoNodeSends_isRefused(int keys) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutboxSettings(false, TIMEOUT, keys, 100_000))
        .withMessageContainingAll("'maxBatchKeys'", "from 1 to 32768", "but was " + keys);
  }

  @Test
  void limitsBelowOne_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutboxSettings(false, TIMEOUT, 1, 0))
        .withMessage("'maxPendingKeys' must be at least 1 but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutboxSettings(false, Duration.ZERO, 1, 1))
        .withMessage("'timeout' must be positive but was PT0S");
  }
}
