package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceSettings;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceTarget;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.StaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConverters;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/** Reads the settings of a Lettuce connection factory of the application. */
final class LettuceFactory {

  static final String CONFIGURATION_FIELD = "configuration";

  private final LettuceConnectionFactory application;
  private final @Nullable RedisSentinelConfiguration sentinel;
  private final @Nullable RedisClusterConfiguration cluster;

  private LettuceFactory(LettuceConnectionFactory application) {
    this.application = application;
    this.sentinel = application.getSentinelConfiguration();
    this.cluster = application.getClusterConfiguration();
  }

  /**
   * Returns how to connect to the server of a factory.
   *
   * @throws IllegalArgumentException if a channel cannot work with this factory
   */
  static LettuceTarget target(LettuceConnectionFactory application) {
    refuseStaticMasterReplica(application);
    LettuceFactory read = new LettuceFactory(application);
    boolean alone =
        read.sentinel == null
            && read.cluster == null
            && application.getSocketConfiguration() == null;
    return new LettuceTarget(
        alone ? application.getHostName() + ":" + application.getPort() : "",
        application.isUseSsl(),
        read::settings);
  }

  /**
   * Refuses a list of a master and its replicas, which may name another master tomorrow. No public
   * method tells that configuration from a standalone one, so this reads a field.
   */
  private static void refuseStaticMasterReplica(LettuceConnectionFactory application) {
    if (configuration(application) instanceof StaticMasterReplicaConfiguration) {
      throw new IllegalArgumentException(
          "'application' must not have a static master/replica configuration: Spring Data Redis"
              + " cannot subscribe over it. Configure a standalone server, Sentinel, or a"
              + " cluster");
    }
  }

  /** Returns the configuration that the factory was created with, or null if it cannot be read. */
  private static @Nullable Object configuration(LettuceConnectionFactory application) {
    Field field = ReflectionUtils.findField(LettuceConnectionFactory.class, CONFIGURATION_FIELD);
    return field != null && field.trySetAccessible()
        ? ReflectionUtils.getField(field, application)
        : null;
  }

  /**
   * The accessor of the factory returns the default server, if the constructor got the
   * configuration by its general type.
   */
  private RedisStandaloneConfiguration standalone() {
    return configuration(application) instanceof RedisStandaloneConfiguration given
        ? given
        : Objects.requireNonNull(application.getStandaloneConfiguration());
  }

  private LettuceSettings settings() {
    LettuceClientConfiguration client = application.getClientConfiguration();
    ClientOptions options = client.getClientOptions().orElseGet(ClientOptions::create);
    return new LettuceSettings(
        servers(client),
        cluster != null,
        cluster == null ? options : clusterOptions(options, cluster.getMaxRedirects()),
        client.getClientResources().orElse(null));
  }

  private static ClientOptions clusterOptions(
      ClientOptions options, @Nullable Integer maxRedirects) {
    ClusterClientOptions complete = LettuceSettings.forCluster(options);
    return maxRedirects == null ? complete : complete.mutate().maxRedirects(maxRedirects).build();
  }

  private List<RedisURI> servers(LettuceClientConfiguration client) {
    RedisCredentialsProviderFactory credentials =
        client.getRedisCredentialsProviderFactory().orElse(null);
    if (sentinel != null) {
      return List.of(master(client, sentinel, credentials));
    }
    if (cluster != null) {
      return cluster.getClusterNodes().stream()
          .map(
              node ->
                  server(
                      RedisURI.Builder.redis(node.getRequiredHost(), node.getRequiredPort()),
                      client,
                      cluster.getUsername(),
                      cluster.getPassword(),
                      provider(credentials, cluster)))
          .toList();
    }
    var socket = application.getSocketConfiguration();
    if (socket != null) {
      return List.of(
          server(
              RedisURI.Builder.socket(socket.getSocket()).withDatabase(socket.getDatabase()),
              client,
              socket.getUsername(),
              socket.getPassword(),
              provider(credentials, socket)));
    }
    RedisStandaloneConfiguration alone = standalone();
    return List.of(
        server(
            RedisURI.Builder.redis(alone.getHostName(), alone.getPort())
                .withDatabase(alone.getDatabase()),
            client,
            alone.getUsername(),
            alone.getPassword(),
            provider(credentials, alone)));
  }

  private static @Nullable RedisCredentialsProvider provider(
      @Nullable RedisCredentialsProviderFactory credentials, RedisConfiguration configuration) {
    return credentials == null ? null : credentials.createCredentialsProvider(configuration);
  }

  private static RedisURI server(
      RedisURI.Builder builder,
      LettuceClientConfiguration client,
      @Nullable String username,
      RedisPassword password,
      @Nullable RedisCredentialsProvider provider) {
    char[] secret = password.toOptional().orElse(null);
    if (provider != null) {
      builder.withAuthentication(provider);
    } else if (StringUtils.hasText(username)) {
      builder.withAuthentication(username, secret == null ? "" : new String(secret));
    } else if (secret != null) {
      builder.withPassword(secret);
    }
    RedisURI server = builder.build();
    encrypt(server, client);
    return server;
  }

  private static RedisURI master(
      LettuceClientConfiguration client,
      RedisSentinelConfiguration sentinel,
      @Nullable RedisCredentialsProviderFactory credentials) {
    RedisURI master = LettuceConverters.sentinelConfigurationToRedisURI(sentinel);
    master.setDatabase(sentinel.getDatabase());
    encrypt(master, client);
    master.getSentinels().forEach(server -> encrypt(server, client));
    if (credentials != null) {
      master.setCredentialsProvider(credentials.createCredentialsProvider(sentinel));
      RedisCredentialsProvider ofSentinels =
          credentials.createSentinelCredentialsProvider(sentinel);
      master.getSentinels().forEach(server -> server.setCredentialsProvider(ofSentinels));
    }
    return master;
  }

  private static void encrypt(RedisURI server, LettuceClientConfiguration client) {
    server.setSsl(client.isUseSsl());
    server.setVerifyPeer(client.getVerifyMode());
    server.setStartTls(client.isStartTls());
  }
}
