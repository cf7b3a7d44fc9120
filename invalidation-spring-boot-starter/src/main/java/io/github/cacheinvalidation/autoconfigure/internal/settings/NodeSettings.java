package io.github.cacheinvalidation.autoconfigure.internal.settings;

import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a node in the form that the core takes, with defaults filled in. All settings are
 * validated when this object is created, also those that the chosen transport does not use. Most
 * limits come from the core, with its error message; this class adds limits that only concern
 * users.
 */
public final class NodeSettings {

  private static final String STALENESS = "invalidation.max-staleness";

  private static final String INTERVAL = "invalidation.check-interval";

  private static final String BATCH = "invalidation.publish.max-batch-keys";

  private static final String PENDING = "invalidation.publish.max-pending-keys";

  private static final Duration LONGEST = Duration.ofDays(365);

  private static final long SHORTEST_LOG = 100;

  private static final DataSize SMALLEST_LOG = DataSize.ofKilobytes(64);

  private final SettingNames names;

  private final Duration maxStaleness;

  private final Duration interval;

  private final ReceiverSettings receiver;

  private final OutboxSettings outbox;

  private final RedisChannelSettings redisChannel;

  private final SortedMap<String, String> cacheChannels = new TreeMap<>();

  public NodeSettings(InvalidationProperties properties, Environment environment) {
    this.names = new SettingNames(environment);
    requireExpectedNodes(properties.getExpectedNodes());
    this.maxStaleness = requireDuration(STALENESS, properties.getMaxStaleness());
    this.interval = requireDuration(INTERVAL, properties.getCheckInterval());
    this.receiver = receiver(requireBound(STALENESS, maxStaleness));
    this.outbox = outbox(properties.getPublish());
    this.redisChannel =
        redisChannel(properties, environment.getProperty("spring.application.name"));
    properties.getCaches().forEach(this::noteChannel);
  }

  /** Notes the channel of a cache, unless it is that of the node anyway. */
  private void noteChannel(String cache, InvalidationProperties.CacheEntry entry) {
    String channel = entry.getChannel();
    if (channel == null) {
      return;
    }
    String property = names.ofCache(cache, "channel");
    if (entry.isLocalOnly()) {
      throw new InvalidConfigurationPropertyValueException(
          property,
          channel,
          names.ofCache(cache, "local-only")
              + " is true, so the cache uses no channel. Remove one of the two");
    }
    requireAccepted(
        property,
        channel,
        () -> new RedisChannelSettings(channel, "node", 1, 1, List.of(), Duration.ofSeconds(1)));
    if (!channel.equals(redisChannel.channel())) {
      cacheChannels.put(cache, channel);
    }
  }

  /** Returns the channels of the caches that do not use that of the node, by their names. */
  public SortedMap<String, String> cacheChannels() {
    return cacheChannels;
  }

  /** Returns the names of these channels, each once. */
  public SortedSet<String> namesOfCacheChannels() {
    return new TreeSet<>(cacheChannels.values());
  }

  public String channel() {
    return redisChannel.channel();
  }

  public String nodeName() {
    return redisChannel.nodeName();
  }

  public String maxStaleness() {
    return text(maxStaleness);
  }

  public ReceiverSettings receiver() {
    return receiver;
  }

  public OutboxSettings outbox() {
    return outbox;
  }

  public RedisChannelSettings redisChannel() {
    return redisChannel.withCacheChannels(namesOfCacheChannels());
  }

  public SettingNames names() {
    return names;
  }

  private ReceiverSettings receiver(Duration maxStaleness) {
    ReceiverSettings defaults = ReceiverSettings.defaults();
    return new ReceiverSettings(
        interval, maxStaleness, defaults.timeout(), defaults.maxQueuedBytes());
  }

  private OutboxSettings outbox(InvalidationProperties.Publish publish) {
    boolean await = publish.getMode() == InvalidationProperties.Publish.Mode.AWAIT;
    Duration timeout = requireDuration("invalidation.publish.timeout", publish.getTimeout());
    int batch = publish.getMaxBatchKeys();
    int pending = publish.getMaxPendingKeys();
    requireAccepted(BATCH, batch, () -> new OutboxSettings(await, timeout, batch, batch));
    if (pending < batch) {
      boolean batchIsBlamed = names.isSet(BATCH) && !names.isSet(PENDING);
      throw new InvalidConfigurationPropertyValueException(
          batchIsBlamed ? BATCH : PENDING,
          batchIsBlamed ? batch : pending,
          PENDING
              + " is "
              + pending
              + ", which is less than "
              + BATCH
              + ", "
              + batch
              + ". Raise the first or lower the second");
    }
    return new OutboxSettings(await, timeout, batch, pending);
  }

  private RedisChannelSettings redisChannel(
      InvalidationProperties properties, @Nullable String applicationName) {
    String channel = channel(properties.getChannel(), applicationName);
    String nodeName = properties.getNodeName() == null ? hostName() : properties.getNodeName();
    InvalidationProperties.Log log = properties.getLog();
    List<String> subscriptions = properties.getSubscriptions();
    requireAccepted(
        "invalidation.channel", channel, () -> redisChannel(channel, "node", log, List.of()));
    requireAccepted(
        "invalidation.node-name", nodeName, () -> redisChannel("c", nodeName, log, List.of()));
    for (int i = 0; i < subscriptions.size(); i++) {
      List<String> one = subscriptions.subList(i, i + 1);
      requireAccepted(
          names.ofElement("invalidation.subscriptions", i),
          subscriptions,
          () -> redisChannel("c", "node", log, one));
    }
    return redisChannel(channel, nodeName, log, subscriptions);
  }

  private static RedisChannelSettings redisChannel(
      String channel, String nodeName, InvalidationProperties.Log log, List<String> subscriptions) {
    if (log.getMaxLength() < SHORTEST_LOG) {
      throw new InvalidConfigurationPropertyValueException(
          "invalidation.log.max-length",
          log.getMaxLength(),
          "A log of fewer than "
              + SHORTEST_LOG
              + " messages is too short for a replay. Set it to "
              + SHORTEST_LOG
              + " or more, or remove it");
    }
    if (log.getMaxSize().compareTo(SMALLEST_LOG) < 0) {
      throw new InvalidConfigurationPropertyValueException(
          "invalidation.log.max-size",
          log.getMaxSize(),
          "One message alone can take 64KB. Set it to 64KB or more, or remove it");
    }
    return new RedisChannelSettings(
        channel,
        nodeName,
        log.getMaxLength(),
        log.getMaxSize().toBytes(),
        subscriptions,
        RedisChannelSettings.DEFAULT_TIMEOUT);
  }

  /** Returns the value, a staleness bound of all caches or of one cache, if it is valid. */
  public Duration requireBound(String property, Duration value) {
    requireDuration(property, value);
    Duration shortest = ReceiverSettings.shortestStaleness(interval);
    if (shortest.compareTo(value) > 0) {
      boolean intervalIsBlamed = names.isSet(INTERVAL);
      throw new InvalidConfigurationPropertyValueException(
          intervalIsBlamed ? INTERVAL : property,
          text(intervalIsBlamed ? interval : value),
          INTERVAL
              + " is "
              + text(interval)
              + ", which is more than a quarter of "
              + property
              + ", "
              + text(value)
              + ". Lower the first, or raise the second to "
              + text(shortest)
              + " or more");
    }
    return value;
  }

  private static void requireExpectedNodes(@Nullable Integer nodes) {
    if (nodes != null && nodes < 1) {
      throw new InvalidConfigurationPropertyValueException(
          "invalidation.expected-nodes",
          nodes,
          "This node counts too. Set it to 1 or more, or remove it");
    }
  }

  static Duration requireDuration(String property, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationPropertyValueException(
          property,
          text(value),
          "The value must be from 1ms to 365d. Set it to a duration such as 10s, or remove it");
    }
    return value;
  }

  /** Lets the core validate a value now, so that the core does not refuse it later. */
  private static void requireAccepted(String property, Object value, Runnable use) {
    try {
      use.run();
    } catch (IllegalArgumentException refused) {
      throw new InvalidConfigurationPropertyValueException(property, value, refused.getMessage());
    }
  }

  private static String channel(@Nullable String channel, @Nullable String applicationName) {
    if (channel != null) {
      return channel;
    }
    return StringUtils.hasText(applicationName)
        ? "cache:invalidate:"
            + applicationName.strip().replaceAll("[\\s{}\\p{javaWhitespace}]+", "-")
        : "cache:invalidate";
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unresolvable) {
      String name = System.getenv("HOSTNAME");
      return StringUtils.hasText(name) ? name : "unknown-host";
    }
  }

  /** Returns a duration in the form that a setting has, such as {@code 1m30s}. */
  public static String text(Duration duration) {
    return duration.isZero()
        ? "0s"
        : DurationFormatterUtils.print(duration, DurationFormat.Style.COMPOSITE);
  }
}
