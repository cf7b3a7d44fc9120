package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.architecture.Checkout;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CacheSettingsByName;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CaffeineBuilders;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CommonCaffeine;
import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.JudgeLifecycle;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import io.github.cacheinvalidation.autoconfigure.internal.settings.ValidGroupSettings;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.env.MockEnvironment;

/** Every setting that the documentation names is read, and makes a difference to the node. */
class DocumentedSettingsTest {

  /** Another value than the default for each setting. */
  private static final Map<String, String> CHANGES =
      Map.ofEntries(
          Map.entry("invalidation.enabled", "false"),
          Map.entry("invalidation.enable-caching", "false"),
          Map.entry("invalidation.transport", "local"),
          Map.entry("invalidation.channel", "other"),
          Map.entry("invalidation.log.max-length", "500"),
          Map.entry("invalidation.log.max-size", "1MB"),
          Map.entry("invalidation.subscriptions", "cdc.*"),
          Map.entry("invalidation.connection-factory", "other"),
          Map.entry("invalidation.node-name", "other"),
          Map.entry("invalidation.expected-nodes", "3"),
          Map.entry("invalidation.max-staleness", "20s"),
          Map.entry("invalidation.check-interval", "2s"),
          Map.entry("invalidation.publish.mode", "await"),
          Map.entry("invalidation.publish.timeout", "3s"),
          Map.entry("invalidation.publish.max-batch-keys", "7"),
          Map.entry("invalidation.publish.max-pending-keys", "7000"),
          Map.entry("invalidation.groups.max-attempts", "3"),
          Map.entry("invalidation.groups.back-off", "2s"),
          Map.entry("invalidation.groups.max-back-off", "40s"),
          Map.entry("invalidation.groups.claim-idle-time", "2m"),
          Map.entry("invalidation.groups.poll-interval", "1s"),
          Map.entry("invalidation.groups.stop-timeout", "1s"),
          Map.entry("invalidation.groups.max-dead-letters", "7"),
          Map.entry("invalidation.judge.rate", "5"),
          Map.entry("invalidation.judge.evict", "false"),
          Map.entry("invalidation.health.out-of-service-when-cut-off", "true"),
          Map.entry("invalidation.caches.<name>.spec", "maximumSize=5"),
          Map.entry("invalidation.caches.<name>.caffeine", "other"),
          Map.entry("invalidation.caches.<name>.max-staleness", "1h"),
          Map.entry("invalidation.caches.<name>.local-only", "true"),
          Map.entry("invalidation.caches.<name>.channel", "other"));

  /** Settings that select or concern beans; other tests cover them. */
  private static final Set<String> OF_BEANS =
      Set.of(
          "invalidation.enable-caching",
          "invalidation.expected-nodes",
          "invalidation.health.out-of-service-when-cut-off",
          "invalidation.transport",
          "invalidation.connection-factory",
          "invalidation.caches.<name>.caffeine");

  @Test
  @Tag("source")
  void documentation_namesTheSettingsOfThisTest() {
    Set<String> documented = new TreeSet<>();
    Pattern row = Pattern.compile("\\| `(?<name>invalidation\\.[a-z.<>-]+)` \\| .*");
    for (String line : Checkout.lines(Checkout.root().resolve("docs/configuration.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        documented.add(matcher.group("name"));
      }
    }

    assertThat(documented).isEqualTo(new TreeSet<>(CHANGES.keySet()));
  }

  @ParameterizedTest
  @MethodSource("settingsOfTheCore")
  void changedSetting_reachesTheCore(String setting) {
    Map<String, String> defaults = handedToTheCore(Map.of());
    Map<String, String> changed =
        handedToTheCore(Map.of(setting.replace("<name>", "products"), CHANGES.get(setting)));

    assertThat(changed).isNotEqualTo(defaults);
  }

  static Set<String> settingsOfTheCore() {
    Set<String> settings = new TreeSet<>(CHANGES.keySet());
    settings.removeAll(OF_BEANS);
    return settings;
  }

  private static Map<String, String> handedToTheCore(Map<String, String> settings) {
    InvalidationProperties properties =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("invalidation", InvalidationProperties.class);
    NodeSettings node = new NodeSettings(properties, new MockEnvironment());
    CacheSettings products =
        new CacheSettingsByName(
                properties,
                node,
                new CaffeineBuilders(new DefaultListableBeanFactory(), CommonCaffeine.NONE),
                List.of(),
                true)
            .apply("products");
    Map<String, String> handed = new TreeMap<>();
    handed.put("channel", node.redisChannel().toString());
    handed.put("receiver", node.receiver().toString());
    handed.put("groups", ValidGroupSettings.of(properties.getGroups()).toString());
    handed.put("judge", JudgeLifecycle.settings(properties.getJudge()).toString());
    handed.put("outbox", node.outbox().toString());
    handed.put("bound", products.maxStaleness().toString());
    handed.put("local-only", String.valueOf(products.localOnly()));
    handed.put("builder", products.builder().get().toString().replaceFirst("^[^{]+", ""));
    return handed;
  }
}
