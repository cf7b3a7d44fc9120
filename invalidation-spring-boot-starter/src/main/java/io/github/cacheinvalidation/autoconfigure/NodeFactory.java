package io.github.cacheinvalidation.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;

/** Creates the node from the settings and from beans of the application. */
final class NodeFactory {

  private final InvalidationProperties properties;

  private final CacheProperties cacheProperties;

  private final NodeSettings settings;

  private final ConfigurableListableBeanFactory beans;

  NodeFactory(
      InvalidationProperties properties,
      CacheProperties cacheProperties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    this.properties = properties;
    this.cacheProperties = cacheProperties;
    this.settings = new NodeSettings(properties, environment);
    this.beans = beans;
  }

  /** Returns a node that is not started. */
  DefaultInvalidationNode create() {
    UnusedBeans.tell(beans);
    CacheSettingsByName caches = caches();
    caches.tellIfAllAreLocal(cacheProperties.getCacheNames());
    NodeBuilder builder =
        DefaultInvalidationNode.builder()
            .name(settings.nodeName())
            .caches(caches)
            .cacheNames(cacheProperties.getCacheNames())
            .coherence(settings.coherence())
            .outbox(settings.outbox())
            .codecs(codecs())
            .foreignReaders(
                beans.getBeanProvider(ForeignMessageReader.class).orderedStream().toList())
            .observer(observer())
            .channel(new Transports(properties, settings, beans).opener());
    TransactionSupport transactions =
        beans.getBeanProvider(TransactionSupport.class).getIfAvailable();
    if (transactions != null) {
      builder.transactions(transactions::create);
    }
    return builder.build();
  }

  private CacheSettingsByName caches() {
    return new CacheSettingsByName(
        properties,
        settings,
        cacheProperties,
        beans.getBeanProvider(CaffeineSpec.class).getIfAvailable(),
        beans
            .getBeanProvider(new ParameterizedTypeReference<Caffeine<Object, Object>>() {})
            .getIfAvailable());
  }

  private List<KeyCodec<?>> codecs() {
    List<KeyCodec<?>> codecs = new ArrayList<>();
    beans.getBeanProvider(KeyCodec.class).orderedStream().forEach(codecs::add);
    return codecs;
  }

  private InvalidationObserver observer() {
    List<InvalidationObserver> observers = new ArrayList<>();
    observers.add(new LoggingObserver());
    beans.getBeanProvider(InvalidationObserver.class).orderedStream().forEach(observers::add);
    return InvalidationObserver.all(observers);
  }
}
