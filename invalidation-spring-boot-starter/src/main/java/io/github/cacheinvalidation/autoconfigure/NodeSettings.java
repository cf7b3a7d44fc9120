package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.channel.redis.RedisChannelSettings;
import io.github.cacheinvalidation.coherence.CoherenceSettings;
import io.github.cacheinvalidation.outbox.OutboxSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** The settings of a node as the core wants them: checked, and with the defaults filled in. */
final class NodeSettings {

  private static final Duration LONGEST = Duration.ofDays(365);

  private static final int CHECKS_IN_BOUND = 4;

  private static final long SHORTEST_LOG = 100;

  private static final DataSize SMALLEST_LOG = DataSize.ofKilobytes(64);

  private final InvalidationProperties properties;

  private final String channel;

  private final String nodeName;

  NodeSettings(InvalidationProperties properties, @Nullable String applicationName) {
    this.properties = properties;
    this.channel = channel(properties.getChannel(), applicationName);
    this.nodeName = nodeName(properties.getNodeName());
    requireDuration("invalidation.max-staleness", properties.getMaxStaleness());
    requireDuration("invalidation.check-interval", properties.getCheckInterval());
    requireChecksWithin("invalidation.max-staleness", properties.getMaxStaleness());
  }

  String channel() {
    return channel;
  }

  String nodeName() {
    return nodeName;
  }

  String bound() {
    return text(properties.getMaxStaleness());
  }

  CoherenceSettings coherence() {
    CoherenceSettings defaults = CoherenceSettings.defaults();
    return new CoherenceSettings(
        properties.getCheckInterval(),
        properties.getMaxStaleness(),
        defaults.timeout(),
        defaults.maxQueuedBytes());
  }

  OutboxSettings outbox() {
    InvalidationProperties.Publish publish = properties.getPublish();
    int batch = publish.getMaxBatchKeys();
    int pending = publish.getMaxPendingKeys();
    requireDuration("invalidation.publish.timeout", publish.getTimeout());
    if (batch < 1) {
      throw new InvalidSettingException(
          "invalidation.publish.max-batch-keys is "
              + batch
              + ", but a message names at least 1 key",
          "Set it to 1 or more, or remove it");
    }
    if (pending < batch) {
      throw new InvalidSettingException(
          "invalidation.publish.max-pending-keys is "
              + pending
              + ", which is less than invalidation.publish.max-batch-keys, "
              + batch,
          "Raise invalidation.publish.max-pending-keys to " + batch + " or more");
    }
    boolean await = publish.getMode() == InvalidationProperties.Publish.Mode.AWAIT;
    return new OutboxSettings(await, publish.getTimeout(), batch, pending);
  }

  RedisChannelSettings redisChannel() {
    InvalidationProperties.Log log = properties.getLog();
    if (log.getMaxLength() < SHORTEST_LOG) {
      throw new InvalidSettingException(
          "invalidation.log.max-length is "
              + log.getMaxLength()
              + ", but a log of less than "
              + SHORTEST_LOG
              + " messages heals nothing",
          "Set it to " + SHORTEST_LOG + " or more, or remove it");
    }
    if (log.getMaxSize().compareTo(SMALLEST_LOG) < 0) {
      throw new InvalidSettingException(
          "invalidation.log.max-size is "
              + log.getMaxSize()
              + ", but one message alone can take "
              + SMALLEST_LOG.toKilobytes()
              + "KB",
          "Set it to " + SMALLEST_LOG.toKilobytes() + "KB or more, or remove it");
    }
    if (properties.getSubscriptions().stream().anyMatch(name -> !StringUtils.hasText(name))) {
      throw new InvalidSettingException(
          "invalidation.subscriptions is "
              + properties.getSubscriptions()
              + ", which has a name without characters",
          "Remove it from the list");
    }
    return new RedisChannelSettings(
        channel,
        nodeName,
        log.getMaxLength(),
        log.getMaxSize().toBytes(),
        properties.getSubscriptions(),
        RedisChannelSettings.DEFAULT_TIMEOUT);
  }

  /** Returns the bound of a cache that has its own. */
  Duration requireBound(String property, Duration bound) {
    requireDuration(property, bound);
    requireChecksWithin(property, bound);
    return bound;
  }

  private void requireChecksWithin(String property, Duration bound) {
    Duration interval = properties.getCheckInterval();
    if (interval.multipliedBy(CHECKS_IN_BOUND).compareTo(bound) > 0) {
      throw new InvalidSettingException(
          "invalidation.check-interval is "
              + text(interval)
              + ", which is more than a quarter of "
              + property
              + ", "
              + text(bound),
          "Lower invalidation.check-interval to "
              + text(bound.dividedBy(CHECKS_IN_BOUND))
              + " or less, or raise "
              + property
              + " to "
              + text(interval.multipliedBy(CHECKS_IN_BOUND))
              + " or more");
    }
  }

  private static void requireDuration(String property, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
      throw new InvalidSettingException(
          property + " is " + text(value) + ", but must be from 1ms to 365d",
          "Set it to a duration such as 10s, or remove it");
    }
  }

  private static String channel(@Nullable String channel, @Nullable String applicationName) {
    if (channel == null) {
      return StringUtils.hasText(applicationName)
          ? "cache:invalidate:" + applicationName.strip().replaceAll("[\\s{}]+", "-")
          : "cache:invalidate";
    }
    if (channel.isEmpty() || channel.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidSettingException(
          "invalidation.channel is '" + channel + "', but must be a name without blanks",
          "Set it to a name such as cache:invalidate:shop, the same on all nodes, or remove it");
    }
    if (!channel.matches("[^{}]*|[^{}]*\\{[^{}]+}[^{}]*")) {
      throw new InvalidSettingException(
          "invalidation.channel is '"
              + channel
              + "', whose braces are no hash tag, so that channel and log could not share a slot",
          "Remove the braces, or put them around a part of the name, such as {shop}:invalidations");
    }
    return channel;
  }

  private static String nodeName(@Nullable String name) {
    if (name == null) {
      return hostName();
    }
    if (!StringUtils.hasText(name)) {
      throw new InvalidSettingException(
          "invalidation.node-name is '" + name + "', which nobody could read",
          "Set it to what people call this node, or remove it: then it is the host name");
    }
    return name;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unresolvable) {
      return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "unknown-host");
    }
  }

  private static String text(Duration duration) {
    return duration.isZero()
        ? "0s"
        : DurationFormatterUtils.print(duration, DurationFormat.Style.COMPOSITE);
  }
}
