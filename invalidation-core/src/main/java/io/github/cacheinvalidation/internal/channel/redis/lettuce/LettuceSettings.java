package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Lettuce connects.
 *
 * @param servers one server, or one master with its Sentinels, or nodes of a cluster; with
 *     credentials, encryption and database. The driver sets timeout and client name in these
 *     objects, so no other code may use them
 * @param cluster whether the servers are nodes of a cluster
 * @param options the options of the application's client; the driver changes some in a copy
 * @param resources resources of the application, which the driver shares and never shuts down; null
 *     if there are none
 */
public record LettuceSettings(
    List<RedisURI> servers,
    boolean cluster,
    ClientOptions options,
    @Nullable ClientResources resources) {

  /** Copies the list. */
  public LettuceSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty() || (!cluster && servers.size() > 1)) {
      throw new IllegalArgumentException(
          "'servers' must have one element, or more if 'cluster' is true, but has "
              + servers.size());
    }
  }

  /** Returns options for a cluster: the given ones, with the defaults for what they do not have. */
  public static ClusterClientOptions forCluster(ClientOptions options) {
    return options instanceof ClusterClientOptions complete
        ? complete
        : ClusterClientOptions.builder(options).build();
  }
}
