package io.github.cacheinvalidation.autoconfigure.internal.transport;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of Spring Boot for Redis, for applications without Spring Data Redis. With it,
 * Spring Boot reads them itself.
 *
 * @param url URL of the server, such as redis://user:password@host:6379/0, or rediss:// for an
 *     encrypted connection. Overrides host, port, username, password and database.
 * @param host Host of the server.
 * @param port Port of the server.
 * @param database Number of the database.
 * @param username Name of the Redis user.
 * @param password Password of the Redis user.
 * @param connectTimeout How long a connect may take.
 * @param clientType Client to use. Without Spring Data Redis only Lettuce.
 * @param ssl Encryption.
 * @param sentinel Redis Sentinel.
 * @param cluster Redis Cluster.
 * @param masterreplica Static list of a master and its replicas, which is refused.
 * @param lettuce Settings of the client.
 */
@ConfigurationProperties("spring.data.redis")
public record RedisServerProperties(
    @Nullable String url,
    @DefaultValue("localhost") String host,
    @DefaultValue("6379") int port,
    @DefaultValue("0") int database,
    @Nullable String username,
    @Nullable String password,
    @Nullable Duration connectTimeout,
    @Nullable String clientType,
    @DefaultValue Ssl ssl,
    @Nullable Sentinel sentinel,
    @Nullable Cluster cluster,
    @Nullable Masterreplica masterreplica,
    @DefaultValue Lettuce lettuce) {

  /**
   * Encryption.
   *
   * @param enabled Whether connections are encrypted. Enabled if a bundle is named.
   * @param bundle Name of the SSL bundle.
   */
  record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

    boolean isOn() {
      return enabled == null ? bundle != null : enabled;
    }
  }

  /**
   * Redis Sentinel.
   *
   * @param master Name of the master.
   * @param nodes Sentinels, each as host:port.
   * @param username Name of the user of the Sentinels.
   * @param password Password of the user of the Sentinels.
   */
  record Sentinel(
      @Nullable String master,
      @DefaultValue List<String> nodes,
      @Nullable String username,
      @Nullable String password) {}

  /**
   * Redis Cluster.
   *
   * @param nodes Nodes to begin with, each as host:port.
   * @param maxRedirects How many redirects of a command are followed.
   */
  record Cluster(@DefaultValue List<String> nodes, @Nullable Integer maxRedirects) {}

  /**
   * Static list of a master and its replicas.
   *
   * @param nodes Servers.
   */
  record Masterreplica(@DefaultValue List<String> nodes) {}

  /**
   * Settings of the client.
   *
   * @param cluster Settings for Redis Cluster.
   */
  record Lettuce(@DefaultValue LettuceCluster cluster) {}

  /**
   * Settings of the client for Redis Cluster.
   *
   * @param refresh Settings of the refresh.
   */
  record LettuceCluster(@DefaultValue Refresh refresh) {}

  /**
   * How the client refreshes its view of the cluster.
   *
   * @param dynamicRefreshSources Whether all nodes that were found are asked.
   * @param period Interval of the refresh.
   * @param adaptive Whether redirects and failed connections lead to a refresh.
   */
  record Refresh(
      @DefaultValue("true") boolean dynamicRefreshSources,
      @Nullable Duration period,
      boolean adaptive) {}
}
