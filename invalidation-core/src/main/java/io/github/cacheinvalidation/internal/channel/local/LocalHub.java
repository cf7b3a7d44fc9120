package io.github.cacheinvalidation.internal.channel.local;

import io.github.cacheinvalidation.internal.channel.Channel;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What a Redis server is to nodes in different processes, for nodes inside one JVM: it holds the
 * log of each channel, in memory and bounded in entries. Nodes that shall hear each other open
 * channels of the same name on the same hub.
 *
 * <p>Safe for use by several threads. It owns no thread: each subscription has one of its own, a
 * daemon that ends with it. A subscriber so slow that the log drops what it has not yet heard is
 * told that it has lost its subscription. Nothing has to be closed but the channels.
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
   * @param nonces gives the random ids of the first entries of logs
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
   * @return the channel, to be closed by the caller
   */
  public Channel open(String channelName) {
    if (channelName.isBlank()) {
      throw new IllegalArgumentException("'channelName' must not be blank");
    }
    LocalLog log = logs.computeIfAbsent(channelName, name -> new LocalLog(maxEntries));
    return new LocalChannel(channelName, serverId, log, nonces);
  }
}
