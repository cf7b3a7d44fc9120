package io.github.cacheinvalidation.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** The settings of a node. Read once, when the node is made. */
@ConfigurationProperties("invalidation")
public class InvalidationProperties {

  /**
   * Whether writes are published and listened to. When off, the caches are the same but local to
   * this node, and no connection is opened.
   */
  private boolean enabled = true;

  /**
   * How this node is woken. Where it is not set and there is no Redis connection factory, the node
   * works within its JVM.
   */
  private @Nullable Transport transport;

  /**
   * Name of the channel and of its log in Redis. By default "cache:invalidate", followed by ":" and
   * "spring.application.name" if that is set.
   */
  private @Nullable String channel;

  private final Log log = new Log();

  /** Comma-separated list of further channels, or glob patterns of channels, to listen to. */
  private List<String> subscriptions = new ArrayList<>();

  /** Bean name of the Redis connection factory to use. By default the primary one. */
  private @Nullable String connectionFactory;

  /** Name of this node in messages, logs and Redis' list of clients. By default the host name. */
  private @Nullable String nodeName;

  /** How long a node that hears nothing from Redis may go on serving what it has cached. */
  private Duration maxStaleness = Duration.ofSeconds(10);

  /**
   * How often a node asks Redis whether it has seen everything; at most a quarter of every
   * staleness bound.
   */
  private Duration checkInterval = Duration.ofSeconds(1);

  private final Publish publish = new Publish();

  /** Settings of single caches, by the name of the cache. */
  private Map<String, CacheEntry> caches = new LinkedHashMap<>();

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public @Nullable Transport getTransport() {
    return transport;
  }

  public void setTransport(@Nullable Transport transport) {
    this.transport = transport;
  }

  public @Nullable String getChannel() {
    return channel;
  }

  public void setChannel(@Nullable String channel) {
    this.channel = channel;
  }

  public Log getLog() {
    return log;
  }

  public List<String> getSubscriptions() {
    return subscriptions;
  }

  public void setSubscriptions(List<String> subscriptions) {
    this.subscriptions = subscriptions;
  }

  public @Nullable String getConnectionFactory() {
    return connectionFactory;
  }

  public void setConnectionFactory(@Nullable String connectionFactory) {
    this.connectionFactory = connectionFactory;
  }

  public @Nullable String getNodeName() {
    return nodeName;
  }

  public void setNodeName(@Nullable String nodeName) {
    this.nodeName = nodeName;
  }

  public Duration getMaxStaleness() {
    return maxStaleness;
  }

  public void setMaxStaleness(Duration maxStaleness) {
    this.maxStaleness = maxStaleness;
  }

  public Duration getCheckInterval() {
    return checkInterval;
  }

  public void setCheckInterval(Duration checkInterval) {
    this.checkInterval = checkInterval;
  }

  public Publish getPublish() {
    return publish;
  }

  public Map<String, CacheEntry> getCaches() {
    return caches;
  }

  public void setCaches(Map<String, CacheEntry> caches) {
    this.caches = caches;
  }

  /** How a node is woken. Nodes with different ones over Redis understand each other. */
  public enum Transport {
    /** Redis Pub/Sub. */
    PUBSUB,
    /** One JVM, no Redis. */
    LOCAL
  }

  /** The log that Redis keeps for nodes that missed some messages. */
  public static class Log {

    /** How many messages Redis keeps for nodes that missed some (approximate). */
    private long maxLength = 10000;

    /** How much memory the log may take in Redis (approximate). */
    private DataSize maxSize = DataSize.ofMegabytes(16);

    public long getMaxLength() {
      return maxLength;
    }

    public void setMaxLength(long maxLength) {
      this.maxLength = maxLength;
    }

    public DataSize getMaxSize() {
      return maxSize;
    }

    public void setMaxSize(DataSize maxSize) {
      this.maxSize = maxSize;
    }
  }

  /** How writes are published. */
  public static class Publish {

    /** Whether a write waits until Redis has accepted its message. */
    private Mode mode = Mode.ASYNC;

    /** How long a waiting write waits, and a shutdown for messages that are still to be sent. */
    private Duration timeout = Duration.ofSeconds(2);

    /** How many keys one message carries at most. */
    private int maxBatchKeys = 4096;

    /** How many keys wait for Redis at most. Beyond it a cache is invalidated as a whole. */
    private int maxPendingKeys = 100000;

    public Mode getMode() {
      return mode;
    }

    public void setMode(Mode mode) {
      this.mode = mode;
    }

    public Duration getTimeout() {
      return timeout;
    }

    public void setTimeout(Duration timeout) {
      this.timeout = timeout;
    }

    public int getMaxBatchKeys() {
      return maxBatchKeys;
    }

    public void setMaxBatchKeys(int maxBatchKeys) {
      this.maxBatchKeys = maxBatchKeys;
    }

    public int getMaxPendingKeys() {
      return maxPendingKeys;
    }

    public void setMaxPendingKeys(int maxPendingKeys) {
      this.maxPendingKeys = maxPendingKeys;
    }

    /** When a write returns. */
    public enum Mode {
      /** At once. */
      ASYNC,
      /** When Redis has accepted its message, or with an error that says that it has not. */
      AWAIT
    }
  }

  /** The settings of one cache. */
  public static class CacheEntry {

    /** Caffeine spec of this cache. By default that of all caches. */
    private @Nullable String spec;

    /** Staleness bound of this cache. By default that of the node. */
    private @Nullable Duration maxStaleness;

    /** Whether this cache neither publishes nor listens. Such a cache has no staleness bound. */
    private boolean localOnly = false;

    public @Nullable String getSpec() {
      return spec;
    }

    public void setSpec(@Nullable String spec) {
      this.spec = spec;
    }

    public @Nullable Duration getMaxStaleness() {
      return maxStaleness;
    }

    public void setMaxStaleness(@Nullable Duration maxStaleness) {
      this.maxStaleness = maxStaleness;
    }

    public boolean isLocalOnly() {
      return localOnly;
    }

    public void setLocalOnly(boolean localOnly) {
      this.localOnly = localOnly;
    }
  }
}
