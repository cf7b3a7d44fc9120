package io.github.cacheinvalidation.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/** Settings of a node. Read once, when the node is created. */
@ConfigurationProperties("invalidation")
public class InvalidationProperties {

  /** Whether writes are published and received. If not, caches are local, without a connection. */
  private boolean enabled = true;

  /** Whether the starter switches on caching. By default, unless "@EnableCaching" is off. */
  private @Nullable Boolean enableCaching;

  /** How messages travel. If not set, and if nothing can connect to Redis, within the JVM. */
  private @Nullable Transport transport;

  /** Name of channel and log in Redis. Default: "cache:invalidate[:spring.application.name]". */
  private @Nullable String channel;

  /** Comma-separated list of further channels, or glob patterns of channels, to listen to. */
  private List<String> subscriptions = new ArrayList<>();

  /** Bean name of the Redis connection factory to use. By default the primary one. */
  private @Nullable String connectionFactory;

  /** Name of this node in messages, logs and the client list of Redis. By default the host name. */
  private @Nullable String nodeName;

  /** How many nodes should listen to the channel, this one included. If fewer do, the log warns. */
  private @Nullable Integer expectedNodes;

  /** How long a node may serve cached entries while Redis does not answer. */
  private Duration maxStaleness = Duration.ofSeconds(10);

  /** How often a node asks Redis for missed messages: at most a quarter of each staleness bound. */
  private Duration checkInterval = Duration.ofSeconds(1);

  private final Log log = new Log();
  private final Publish publish = new Publish();
  private final Health health = new Health();

  @NestedConfigurationProperty
  private final InvalidationGroupProperties groups = new InvalidationGroupProperties();

  @NestedConfigurationProperty
  private final InvalidationJudgeProperties judge = new InvalidationJudgeProperties();

  /** Settings of single caches, by cache name. */
  private Map<String, CacheEntry> caches = new LinkedHashMap<>();

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public @Nullable Boolean getEnableCaching() {
    return enableCaching;
  }

  public void setEnableCaching(@Nullable Boolean enableCaching) {
    this.enableCaching = enableCaching;
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

  public @Nullable Integer getExpectedNodes() {
    return expectedNodes;
  }

  public void setExpectedNodes(@Nullable Integer expectedNodes) {
    this.expectedNodes = expectedNodes;
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

  public Health getHealth() {
    return health;
  }

  public InvalidationGroupProperties getGroups() {
    return groups;
  }

  public InvalidationJudgeProperties getJudge() {
    return judge;
  }

  public Map<String, CacheEntry> getCaches() {
    return caches;
  }

  public void setCaches(Map<String, CacheEntry> caches) {
    this.caches = caches;
  }

  /** Limits of the log from which nodes read missed messages. */
  public static class Log {
    /** How many messages Redis keeps for nodes that missed messages (approximate). */
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

    /** The longest wait of a write for acceptance or room, and of a stop for unsent messages. */
    private Duration timeout = Duration.ofSeconds(2);

    /** How many keys one message may contain. */
    private int maxBatchKeys = 4096;

    /** How many keys may wait to be published, before whole caches are invalidated instead. */
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
      /** After a wait for Redis of fifty milliseconds at most. */
      ASYNC,
      /** When Redis has accepted the message, or with an exception if Redis has not. */
      AWAIT
    }
  }

  /** What the health of the application says about the node. */
  public static class Health {
    /** Whether a node that is cut off from Redis is OUT_OF_SERVICE instead of UP. */
    private boolean outOfServiceWhenCutOff = false;

    public boolean isOutOfServiceWhenCutOff() {
      return outOfServiceWhenCutOff;
    }

    public void setOutOfServiceWhenCutOff(boolean outOfServiceWhenCutOff) {
      this.outOfServiceWhenCutOff = outOfServiceWhenCutOff;
    }
  }

  /** Settings of one cache. */
  public static class CacheEntry {
    /** Caffeine spec of this cache. By default the spec of all caches. */
    private @Nullable String spec;

    /** Name or qualifier of the Caffeine bean that builds this cache. By default that of all. */
    private @Nullable String caffeine;

    /** Staleness bound of this cache. By default the staleness bound of the node. */
    private @Nullable Duration maxStaleness;

    /** Whether this cache neither publishes nor receives writes. It then has no staleness bound. */
    private boolean localOnly = false;

    /** Name of the channel of this cache on all nodes. By default that of the node. */
    private @Nullable String channel;

    public @Nullable String getSpec() {
      return spec;
    }

    public void setSpec(@Nullable String spec) {
      this.spec = spec;
    }

    public @Nullable String getCaffeine() {
      return caffeine;
    }

    public void setCaffeine(@Nullable String caffeine) {
      this.caffeine = caffeine;
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

    public @Nullable String getChannel() {
      return channel;
    }

    public void setChannel(@Nullable String channel) {
      this.channel = channel;
    }
  }
}
