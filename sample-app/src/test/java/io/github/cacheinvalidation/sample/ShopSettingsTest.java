package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ShopSettingsTest {

  @Test
  void nothingSet_isThreeNodesFrom8081() {
    ShopSettings settings = settings(Map.of());

    assertThat(settings).isEqualTo(new ShopSettings(3, 8081, 0, 0, 0, false));
    assertThat(settings.nodePorts()).containsExactly(8081, 8082, 8083);
  }

  @Test
  void everythingSet_isTaken() {
    assertThat(
            settings(
                Map.of(
                    "shop.nodes", "9",
                    "shop.first-port", "9001",
                    "shop.redis-port", "6390",
                    "shop.control-port", "6391",
                    "shop.page-port", "6392",
                    "shop.redis-only", "true")))
        .isEqualTo(new ShopSettings(9, 9001, 6390, 6391, 6392, true));
  }

  @Test
  void oneNode_takesThePortOfSpringBoot() {
    assertThat(settings(Map.of("shop.nodes", "1", "server.port", "8091")).nodePorts())
        .containsExactly(8091);
    assertThat(settings(Map.of("shop.nodes", "1", "shop.first-port", "9001")).nodePorts())
        .containsExactly(9001);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.nodes, 0, 'from 1 to 9'",
    "shop.nodes, 10, 'from 1 to 9'",
    "shop.nodes, three, 'from 1 to 9'",
    "shop.nodes, '', 'from 1 to 9'",
    "shop.first-port, 0, 'from 1 to 65533'",
    "shop.first-port, 65534, 'from 1 to 65533'",
    "shop.redis-port, -1, 'from 0 to 65535'",
    "shop.control-port, 65536, 'from 0 to 65535'",
    "shop.redis-only, yes, 'true or false'"
  })
  void badValue_isRefusedWithItsNameAndTheAllowedValues(String name, String value, String remedy) {
    assertThatExceptionOfType(ShopStartException.class)
        .isThrownBy(() -> settings(Map.of(name, value)))
        .withMessageContaining(name + "=" + value)
        .withMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource({"server.port, 8091", "management.server.port, 9090", "invalidation.node-name, one"})
  void settingOfOneNode_isRefusedForSeveral(String name, String value) {
    assertThatExceptionOfType(ShopStartException.class)
        .isThrownBy(() -> settings(Map.of(name, value)))
        .withMessageContaining(name + "=" + value)
        .withMessageContaining("set shop.nodes=1");
  }

  @Test
  void misspeltSetting_isRefusedWithThoseThatExist() {
    assertThatExceptionOfType(ShopStartException.class)
        .isThrownBy(() -> ShopSettings.refuseUnknown(List.of("server.port", "shop.node")))
        .withMessageContaining("shop.node;")
        .withMessageContaining("shop.nodes");
    assertThatCode(() -> ShopSettings.refuseUnknown(List.of("server.port", "shop.nodes")))
        .doesNotThrowAnyException();
  }

  private static ShopSettings settings(Map<String, Object> properties) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    return ShopSettings.from(environment);
  }
}
