package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.github.cacheinvalidation.internal.channel.redis.RedisChannel;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceDriver;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceSettings;
import io.github.cacheinvalidation.internal.channel.redis.lettuce.LettuceTarget;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Creates the channel over Redis with Lettuce, from {@code spring.data.redis.*}. For applications
 * without Spring Data Redis.
 */
final class LettuceTransport {

  private final RedisServerProperties properties;

  private final RedisServers servers;

  private final @Nullable SslBundle bundle;

  LettuceTransport(SettingNames names, ConfigurableListableBeanFactory beans) {
    this.properties = beans.getBean(RedisServerProperties.class);
    this.servers = new RedisServers(properties, names);
    this.bundle = bundle(beans.getBeanProvider(SslBundles.class).getIfAvailable());
  }

  private @Nullable SslBundle bundle(@Nullable SslBundles bundles) {
    String name = properties.ssl().bundle();
    if (!properties.ssl().isOn() || name == null) {
      return null;
    }
    try {
      if (bundles != null) {
        return bundles.getBundle(name);
      }
    } catch (NoSuchSslBundleException unknown) {
      // refused below
    }
    throw new InvalidConfigurationPropertyValueException(
        "spring.data.redis.ssl.bundle",
        name,
        "There is no such bundle. Declare it below spring.ssl.bundle, or correct the name");
  }

  ChannelOpener opener(RedisChannelSettings settings) {
    LettuceTarget target =
        new LettuceTarget(servers.address(), servers.encrypted(), this::settings);
    return () ->
        RedisChannel.open(new LettuceDriver(target, settings), servers.database(), settings);
  }

  private LettuceSettings settings() {
    ClientOptions.Builder options = servers.cluster() ? ofCluster() : ClientOptions.builder();
    if (properties.connectTimeout() != null) {
      options.socketOptions(
          SocketOptions.builder().connectTimeout(properties.connectTimeout()).build());
    }
    if (bundle != null) {
      options.sslOptions(encryption(bundle));
    }
    return new LettuceSettings(servers.addresses(), servers.cluster(), options.build(), null);
  }

  private ClusterClientOptions.Builder ofCluster() {
    RedisServerProperties.Refresh refresh = properties.lettuce().cluster().refresh();
    ClusterTopologyRefreshOptions.Builder topology =
        ClusterTopologyRefreshOptions.builder()
            .dynamicRefreshSources(refresh.dynamicRefreshSources());
    if (refresh.period() != null) {
      topology.enablePeriodicRefresh(refresh.period());
    }
    if (refresh.adaptive()) {
      topology.enableAllAdaptiveRefreshTriggers();
    }
    ClusterClientOptions.Builder builder =
        ClusterClientOptions.builder().topologyRefreshOptions(topology.build());
    RedisServerProperties.Cluster cluster = properties.cluster();
    if (cluster != null && cluster.maxRedirects() != null) {
      builder.maxRedirects(cluster.maxRedirects());
    }
    return builder;
  }

  private static SslOptions encryption(SslBundle bundle) {
    SslOptions.Builder builder =
        SslOptions.builder()
            .keyManager(bundle.getManagers().getKeyManagerFactory())
            .trustManager(bundle.getManagers().getTrustManagerFactory());
    String[] ciphers = bundle.getOptions().getCiphers();
    if (ciphers != null) {
      builder.cipherSuites(ciphers);
    }
    String[] protocols = bundle.getOptions().getEnabledProtocols();
    if (protocols != null) {
      builder.protocols(protocols);
    }
    return builder.build();
  }
}
