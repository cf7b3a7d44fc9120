package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * One node of an {@link InvalidationFleet}, and the faults of its connection to the channel. A
 * fault of one node does not affect the others. {@link #reconnect}, {@link #releaseMessages} and
 * {@link InvalidationFleet#reset} end faults.
 */
public final class FleetNode {

  private static final String CHECK_INTERVAL = "50ms";

  private static final int MOST_ENTRIES = 10;

  private final String name;

  private final NodeConnection connection;

  private @Nullable ConfigurableApplicationContext context;

  private boolean owned;

  FleetNode(String name, NodeConnection connection) {
    this.name = name;
    this.connection = connection;
  }

  /**
   * Makes a context this node. Called before the context is refreshed.
   *
   * @param joining the context, which the fleet does not close
   */
  void join(ConfigurableApplicationContext joining) {
    join(joining, Map.of());
  }

  /**
   * Makes a context this node, which the fleet closes. Its web servers listen on random ports.
   *
   * @param joining the context
   */
  void joinAndOwn(ConfigurableApplicationContext joining) {
    owned = true;
    join(joining, RandomPorts.of(joining.getEnvironment()));
  }

  private void join(ConfigurableApplicationContext joining, Map<String, Object> settings) {
    context = joining;
    joining
        .getBeanFactory()
        .registerSingleton("invalidationFleetChannel", (ChannelOpener) connection);
    Map<String, Object> all = new HashMap<>(settings);
    all.put("invalidation.node-name", name);
    MutablePropertySources properties = joining.getEnvironment().getPropertySources();
    properties.addLast(
        new MapPropertySource(
            "invalidationFleetDefaults", Map.of("invalidation.check-interval", CHECK_INTERVAL)));
    joining.addBeanFactoryPostProcessor(
        (BeanDefinitionRegistryPostProcessor)
            registry -> properties.addFirst(new MapPropertySource("invalidationFleet", all)));
  }

  /** Fails unless the starter is active in the context, and its node joins. */
  void requireJoined(Duration patience) {
    if (context().getBeanProvider(DefaultInvalidationNode.class).getIfAvailable() == null) {
      throw new IllegalStateException(
          name
              + " has no InvalidationNode bean: its context does not load the starter, or the"
              + " starter is inactive and the log says why. Load the whole application, as"
              + " @SpringBootTest does, and remove what makes the starter inactive");
    }
    if (status().state() == State.STOPPED) {
      throw new IllegalStateException(
          name + " is stopped, so it receives no writes. Remove invalidation.enabled=false");
    }
    if (!InvalidationFleet.await(patience, () -> status().isJoined())) {
      throw new IllegalStateException(
          name + " has not joined the channel within " + patience + ". It " + describe());
    }
  }

  /** Returns the name of the node: {@code node-} and its number, from 0. */
  public String name() {
    return name;
  }

  /**
   * Returns the bean of a type from the context of this node.
   *
   * @param <T> the type
   * @param type the type; exactly one bean of this node has it, or one of several is primary
   * @throws org.springframework.beans.BeansException if there is no such bean
   */
  public <T> T bean(Class<T> type) {
    return context().getBean(type);
  }

  /**
   * Returns the context of this node.
   *
   * @throws IllegalStateException if the node is not started yet
   */
  public ApplicationContext context() {
    ConfigurableApplicationContext present = context;
    if (present == null) {
      throw new IllegalStateException(name + " is not started yet");
    }
    return present;
  }

  /** Returns the present status of this node. */
  public NodeStatus status() {
    return node().status();
  }

  /**
   * Cuts this node off: its subscription is lost, and checks and publications fail. Its writes wait
   * to be published. Its caches serve their entries up to their staleness bound.
   */
  public void cutOff() {
    connection.cutOff();
  }

  /**
   * Connects this node to a server of its own with an empty log, as in a split network with two
   * masters. Its writes do not reach the other nodes, not even later.
   */
  public void fork() {
    connection.fork();
  }

  /**
   * Connects this node to the server of the fleet again, after {@link #cutOff} or {@link #fork}.
   * The node then reads the messages that it has missed from the log, and publishes the writes that
   * wait. Returns at once; {@link InvalidationFleet#awaitCoherent()} waits for the node. Does
   * nothing if the node is connected.
   */
  public void reconnect() {
    connection.reconnect();
  }

  /**
   * Loses the next messages of other nodes on their way to this node. The node notices that by the
   * next message or the next check, and reads them from the log.
   *
   * @param count the number of messages, instead of the number that is left from an earlier call;
   *     one message may carry several writes
   * @throws IllegalArgumentException if the number is negative
   */
  public void dropMessages(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("'count' must not be negative but was " + count);
    }
    connection.drop(count);
  }

  /**
   * Holds back all that is on its way to this node, until {@link #releaseMessages}: messages wait,
   * and checks get no answer. The node can publish. Meanwhile its caches serve their entries up to
   * their staleness bound.
   */
  public void holdMessages() {
    connection.hold();
  }

  /**
   * Delivers the messages that were held back, on the calling thread, and holds no more. If this
   * node was cut off, forked or paused meanwhile, or the server was replaced, the messages are lost
   * instead.
   */
  public void releaseMessages() {
    connection.release();
  }

  NodeConnection connection() {
    return connection;
  }

  boolean isDrained() {
    return node().isDrained();
  }

  /** Does now what the staleness bound would do later. */
  void emptySuspectCaches() {
    if (status().state() == State.SUSPECTING) {
      emptyCaches();
    }
  }

  void emptyCaches() {
    node().cacheManager().resetCaches();
  }

  boolean isClosed() {
    ConfigurableApplicationContext present = context;
    return present != null && !present.isActive();
  }

  void pause() {
    ConfigurableApplicationContext present = context;
    if (present != null && present.isRunning()) {
      present.pause();
    }
  }

  void restart() {
    ConfigurableApplicationContext present = context;
    if (present != null && present.isActive() && !present.isRunning()) {
      present.restart();
    }
  }

  void close() {
    ConfigurableApplicationContext present = context;
    if (present != null && owned) {
      present.close();
    }
  }

  private DefaultInvalidationNode node() {
    return context().getBean(DefaultInvalidationNode.class);
  }

  /** Returns the status and the entries of all caches, for a person. */
  String describe() {
    if (isClosed()) {
      return "is closed";
    }
    NodeStatus status = status();
    String reason = status.reason() == null ? "" : " (" + status.reason() + ")";
    String pending =
        status.pendingKeys() == 0 ? "" : ", " + status.pendingKeys() + " keys wait to be published";
    return "is " + status.state() + reason + pending + " and holds " + entries();
  }

  private String entries() {
    CoherentCacheManager caches = node().cacheManager();
    if (caches.getCacheNames().isEmpty()) {
      return "no cache";
    }
    return caches.getCacheNames().stream()
        .map(cache -> cache + " " + entries(caches.getCache(cache)))
        .collect(Collectors.joining(", "));
  }

  private static String entries(@Nullable Cache cache) {
    if (!(cache instanceof CaffeineCache caffeine)) {
      return "(not shown)";
    }
    com.github.benmanes.caffeine.cache.Cache<Object, Object> entries = caffeine.getNativeCache();
    return entries.asMap().entrySet().stream()
        .limit(MOST_ENTRIES)
        .map(entry -> Text.of(entry.getKey()) + "=" + Text.of(entry.getValue()))
        .collect(
            Collectors.joining(", ", "{", entries.estimatedSize() > MOST_ENTRIES ? ", ...}" : "}"));
  }

  @Override
  public String toString() {
    return name;
  }
}
