package io.github.cacheinvalidation.internal.channel.local;

import io.github.cacheinvalidation.internal.channel.Channel;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Replaces a Redis server for nodes inside one JVM: holds the log of each channel in memory, with a
 * bounded number of entries. Nodes share messages if they open channels of the same name on the
 * same hub.
 *
 * <p>Thread-safe. The hub owns no thread; each subscription has a daemon thread that ends with it.
 * A subscriber loses its subscription, and is notified, if it is so slow that the log drops entries
 * that it has not received. Only the channels have to be closed.
 */
public final class LocalHub {

  private static final int DEFAULT_MAX_ENTRIES = 10_000;

  private final int maxEntries;
  private final Supplier<String> nonces;
  private final String serverId = "local-" + UUID.randomUUID();
  private final Map<String, LocalLog> logs = new ConcurrentHashMap<>();

  /** Creates a hub whose logs keep 10,000 entries each. */
  public LocalHub() {
    this(DEFAULT_MAX_ENTRIES, () -> UUID.randomUUID().toString().replace("-", ""));
  }

  /**
   * Creates a hub.
   *
   * @param maxEntries how many entries a log keeps, at least 1
   * @param nonces creates the random ids of the first entries of logs
   */
  public LocalHub(int maxEntries, Supplier<String> nonces) {
    if (maxEntries < 1) {
      throw new IllegalArgumentException("'maxEntries' must be at least 1 but was " + maxEntries);
    }
    this.maxEntries = maxEntries;
    this.nonces = nonces;
  }

  /**
   * Opens a channel; each node opens its own.
   *
   * @param channelName the name that the nodes share, not blank
   * @return the channel; the caller closes it
   */
  public Channel open(String channelName) {
    return open(channelName, Set.of());
  }

  /**
   * Opens a channel with its cache channels.
   *
   * @param channelName the name that the nodes share, not blank
   * @param cacheChannels the names of the {@linkplain Channel#cacheChannels cache channels}
   * @return the channel; the caller closes it
   */
  public Channel open(String channelName, Collection<String> cacheChannels) {
    Map<String, Channel> others = new TreeMap<>();
    cacheChannels.forEach(other -> others.put(other, channel(other, Map.of())));
    return channel(channelName, others);
  }

  private Channel channel(String channelName, Map<String, Channel> others) {
    if (channelName.isBlank()) {
      throw new IllegalArgumentException("'channelName' must not be blank");
    }
    LocalLog log = logs.computeIfAbsent(channelName, name -> new LocalLog(maxEntries));
    return new LocalChannel(channelName, serverId, log, nonces, Map.copyOf(others));
  }
}
