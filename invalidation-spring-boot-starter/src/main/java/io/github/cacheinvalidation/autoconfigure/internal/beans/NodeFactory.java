package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CacheSettingsByName;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CaffeineBuilders;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CaffeineManagerCustomizers;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.CommonCaffeine;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.RecordingCaffeineManager;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.UnlimitedCaches;
import io.github.cacheinvalidation.autoconfigure.internal.caffeine.UnusedBeans;
import io.github.cacheinvalidation.autoconfigure.internal.event.InvalidationEvents;
import io.github.cacheinvalidation.autoconfigure.internal.logging.Diagnosis;
import io.github.cacheinvalidation.autoconfigure.internal.logging.NodeFacts;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.TransactionSupport;
import io.github.cacheinvalidation.autoconfigure.internal.transport.ForeignWriters;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.autoconfigure.internal.transport.Transports;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.internal.outbox.WriteListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.util.function.SingletonSupplier;

/** Creates the node from the settings and from beans of the application. */
final class NodeFactory {

  private final InvalidationProperties properties;

  private final CacheProperties cacheProperties;

  private final NodeSettings settings;

  private final TransportChoice transport;

  private final ConfigurableListableBeanFactory beans;

  NodeFactory(
      InvalidationProperties properties,
      CacheProperties cacheProperties,
      NodeSettings settings,
      TransportChoice transport,
      ConfigurableListableBeanFactory beans) {
    this.properties = properties;
    this.cacheProperties = cacheProperties;
    this.settings = settings;
    this.transport = transport;
    this.beans = beans;
  }

  /**
   * Returns a node that is not started. If its cache manager is beside another one, settings and
   * beans of Spring Boot may be meant for the other one alone. So the names of its caches are not
   * fixed, and what creates a cache or a channel is first looked at when the first cache is
   * created.
   */
  DefaultInvalidationNode create() {
    boolean isDefault = CacheManagerBean.isDefaultIn(beans);
    RecordingCaffeineManager customized =
        isDefault ? CaffeineManagerCustomizers.apply(beans) : new RecordingCaffeineManager();
    List<String> fixedNames =
        isDefault ? customized.namesOr(cacheProperties.getCacheNames()) : List.of();
    SingletonSupplier<UnlimitedCaches> caches =
        SingletonSupplier.of(() -> caches(fixedNames, customized));
    CachingDecision.tell(beans, properties.getEnableCaching());
    if (isDefault) {
      UnusedBeans.tell(beans);
      caches.obtain();
      channel();
    }
    NodeFacts facts =
        new NodeFacts(
            settings.nodeName(), settings.maxStaleness(), () -> text(transport.transport()));
    Diagnosis diagnosis =
        new Diagnosis(
            facts,
            fixedNames,
            properties.getExpectedNodes(),
            settings.channel(),
            cacheChannels(),
            beans);
    MessageEventListener messages = listener(diagnosis);
    NodeBuilder builder =
        DefaultInvalidationNode.builder()
            .name(settings.nodeName())
            .caches(
                name -> {
                  channel();
                  return diagnosis.settings().note(name, caches.obtain().apply(name));
                })
            .cacheNames(fixedNames)
            .cacheChannels(cacheChannels())
            .receiver(settings.receiver())
            .outbox(settings.outbox())
            .codecs(codecs())
            .foreignReaders(
                beans.getBeanProvider(ForeignMessageReader.class).orderedStream().toList())
            .observer(observer(diagnosis, messages))
            .foreignWriters(ForeignWriters.of(beans, () -> channel().redis()))
            .channel(() -> facts.opened(channel().opener().open()))
            .tracer(beans.getBeanProvider(MessageTracer.class).getIfAvailable())
            .messageListener(messages)
            .settingsTexts(diagnosis.settings().texts())
            .writeListener(beans.getBeanProvider(WriteListener.class).getIfAvailable());
    TransactionSupport transactions =
        beans.getBeanProvider(TransactionSupport.class).getIfAvailable();
    if (transactions != null) {
      builder.transactions(transactions::create);
    }
    DefaultInvalidationNode node = builder.build();
    facts.cachesFrom(node.cacheManager()::getCacheNames);
    customized.customCaches().forEach(node.cacheManager()::add);
    return node;
  }

  private Transports.Chosen channel() {
    return transport.obtain(this::chosen);
  }

  /** A fleet of a test has one channel for all caches, and a disabled node has none. */
  private Map<String, String> cacheChannels() {
    boolean none =
        settings.cacheChannels().isEmpty()
            || !properties.isEnabled()
            || beans.getBeanNamesForType(ChannelOpener.class).length > 0;
    return none ? Map.of() : settings.cacheChannels();
  }

  /** Prefers the bean of a test, which puts the node into a fleet of its own. */
  private Transports.Chosen chosen() {
    ChannelOpener ofTest = beans.getBeanProvider(ChannelOpener.class).getIfAvailable();
    return ofTest == null
        ? new Transports(properties, settings, beans).choose()
        : new Transports.Chosen(ofTest, null);
  }

  private UnlimitedCaches caches(List<String> fixedNames, RecordingCaffeineManager customized) {
    List<String> ofSingleCaches =
        properties.getCaches().values().stream()
            .map(InvalidationProperties.CacheEntry::getCaffeine)
            .filter(Objects::nonNull)
            .toList();
    CommonCaffeine set = customized.common();
    CaffeineBuilders builders =
        new CaffeineBuilders(
            beans,
            set == null
                ? CommonCaffeine.in(beans, cacheProperties.getCaffeine().getSpec(), ofSingleCaches)
                : set);
    builders.tellOfUnusedCustomizers(ofSingleCaches);
    CacheSettingsByName byName =
        new CacheSettingsByName(
            properties, settings, builders, fixedNames, customized.isAllowNullValues());
    byName.tellIfAllAreLocal(fixedNames);
    UnlimitedCaches caches = new UnlimitedCaches(byName, settings.names());
    caches.tellOf(fixedNames);
    return caches;
  }

  private List<KeyCodec<?>> codecs() {
    List<KeyCodec<?>> codecs = new ArrayList<>();
    beans.getBeanProvider(KeyCodec.class).orderedStream().forEach(codecs::add);
    return codecs;
  }

  private static String text(@Nullable Transport transport) {
    return transport == null ? "of a test" : transport.text();
  }

  private MessageEventListener listener(Diagnosis diagnosis) {
    List<MessageEventListener> listeners = new ArrayList<>(diagnosis.listeners());
    beans.getBeanProvider(MessageEventListener.class).orderedStream().forEach(listeners::add);
    return MessageEventListener.all(listeners);
  }

  /** Listeners are no observers, so that a test can replace the only observer by its type. */
  private InvalidationObserver observer(Diagnosis diagnosis, MessageEventListener messages) {
    List<InvalidationObserver> observers = new ArrayList<>(diagnosis.observers());
    observers.add(
        new InvalidationObserver() {
          @Override
          public void cleared(String cache, ClearReason reason) {
            messages.cleared(cache, reason);
          }

          @Override
          public void keyNotEncodable(String cache, Class<?> type, Class<?> part, String reason) {
            messages.keyRefused(cache, type, part.getTypeName() + " " + reason);
          }

          @Override
          public void keyTooLong(String cache, Class<?> type, int bytes, int most) {
            messages.keyRefused(
                cache, type, "it has " + bytes + " bytes, but at most " + most + " are allowed");
          }
        });
    beans
        .getBeanProvider(InvalidationEvents.class)
        .ifAvailable(events -> observers.add(events.observer()));
    beans.getBeanProvider(InvalidationObserver.class).orderedStream().forEach(observers::add);
    return InvalidationObserver.all(observers);
  }
}
