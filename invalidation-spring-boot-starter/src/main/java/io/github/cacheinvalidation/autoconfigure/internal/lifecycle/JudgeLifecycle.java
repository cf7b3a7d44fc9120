package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.autoconfigure.InvalidationJudgeProperties;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.annotation.DeclaredOperations;
import io.github.cacheinvalidation.autoconfigure.internal.logging.LoggingJudgeListener;
import io.github.cacheinvalidation.autoconfigure.internal.logging.NodeLog;
import io.github.cacheinvalidation.autoconfigure.internal.settings.InvalidSettingException;
import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.judge.JudgeListener;
import io.github.cacheinvalidation.internal.judge.JudgeSettings;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.env.Environment;

/**
 * Hands the {@link SourceOfTruth} beans to the judge of the node while the application runs. They
 * are looked up at the start, when all beans exist, because a source may need the caches. Starts
 * after the node and stops before it. Logs which beans compare nothing, and why.
 */
public final class JudgeLifecycle extends AfterNodeLifecycle {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private static final String SHOW_KEYS = "management.endpoint.invalidation.show-keys";

  private final DefaultInvalidationNode node;

  private final InvalidationProperties properties;

  private final JudgeSettings settings;

  private final Environment environment;

  private final ConfigurableListableBeanFactory beans;

  public JudgeLifecycle(
      DefaultInvalidationNode node,
      InvalidationProperties properties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    this.node = node;
    this.properties = properties;
    this.settings = settings(properties.getJudge());
    this.environment = environment;
    this.beans = beans;
  }

  /** Returns the settings in the form that the core takes. */
  public static JudgeSettings settings(InvalidationJudgeProperties properties) {
    try {
      return new JudgeSettings(properties.getRate(), properties.isEvict());
    } catch (IllegalArgumentException refused) {
      throw new InvalidConfigurationPropertyValueException(
          "invalidation.judge.rate", properties.getRate(), refused.getMessage());
    }
  }

  @Override
  void begin() {
    List<SourceOfTruth> sources =
        beans.getBeanProvider(SourceOfTruth.class).orderedStream().toList();
    if (sources.isEmpty() || settings.rate() == 0) {
      return;
    }
    List<String> names = sources.stream().map(SourceOfTruth::cache).toList();
    if (!properties.isEnabled()) {
      log.warn(
          "The SourceOfTruth beans of the caches {} compare nothing, because this node is not"
              + " started. Set invalidation.enabled to true, or remove these beans",
          names);
      return;
    }
    try {
      node.judge().watch(sources, settings, listener());
    } catch (IllegalArgumentException refused) {
      throw new InvalidSettingException(
          "Two SourceOfTruth beans are of one cache: " + refused.getMessage(),
          "Remove one of them, or let its method cache() return another name",
          refused);
    }
    tellOfCachesWithoutABound(names);
    tellOfUnknownCaches(names);
  }

  private JudgeListener listener() {
    List<KeyCodec<?>> codecs = new ArrayList<>();
    beans.getBeanProvider(KeyCodec.class).orderedStream().forEach(codecs::add);
    return new LoggingJudgeListener(
        NodeLog.of(node),
        System::nanoTime,
        new KeyEncoder(codecs),
        () -> beans.getBeanProvider(RecentMessages.class).getIfAvailable(),
        environment.getProperty(SHOW_KEYS, Boolean.class, false));
  }

  private void tellOfCachesWithoutABound(List<String> names) {
    for (String name : names) {
      InvalidationProperties.CacheEntry entry = properties.getCaches().get(name);
      if (entry != null && entry.isLocalOnly()) {
        log.warn(
            "The SourceOfTruth bean of cache '{}' compares nothing, because a cache that is local"
                + " only has no staleness bound. Remove the bean, or {}.local-only",
            name,
            SettingNames.prefix(name));
      }
    }
  }

  private void tellOfUnknownCaches(List<String> names) {
    Set<String> known = new TreeSet<>(node.cacheManager().getCacheNames());
    for (CacheOperation operation : DeclaredOperations.in(beans)) {
      known.addAll(operation.getCacheNames());
    }
    List<String> unknown = names.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      log.warn(
          "The SourceOfTruth beans of the caches {} compare nothing until these caches exist: this"
              + " node does not have them, and no annotated method names them. It has {}. Correct"
              + " the names that cache() returns, unless code without annotations makes these"
              + " caches",
          unknown,
          known);
    }
  }

  @Override
  void end() {
    node.judge().release();
  }
}
