package io.github.cacheinvalidation.autoconfigure.internal.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import org.junit.jupiter.api.Test;

class StarterLogTest {

  @Test
  void log_isNamedAfterTheAutoConfiguration() {
    assertThat(StarterLog.NAME).isEqualTo(CacheInvalidationAutoConfiguration.class.getName());
  }
}
