package io.github.cacheinvalidation.autoconfigure.internal.transport;

import io.github.cacheinvalidation.autoconfigure.internal.settings.SettingNames;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/** The servers that {@code spring.data.redis.*} names. As in Spring Boot, a URL comes first. */
final class RedisServers {

  private static final String PREFIX = "spring.data.redis.";

  private final RedisServerProperties properties;

  private final SettingNames names;

  private final @Nullable URI url;

  /**
   * A server.
   *
   * @param host the host
   * @param port the port
   */
  record Node(String host, int port) {}

  /**
   * Reads the settings.
   *
   * @throws InvalidConfigurationPropertyValueException if a setting cannot be used
   */
  RedisServers(RedisServerProperties properties, SettingNames names) {
    this.properties = properties;
    this.names = names;
    this.url = properties.url() == null ? null : parsed(properties.url());
    refuseUnusable();
  }

  private static URI parsed(String url) {
    try {
      URI parsed = new URI(url);
      if (List.of("redis", "rediss").contains(String.valueOf(parsed.getScheme()))
          && parsed.getHost() != null
          && database(parsed) >= 0) {
        return parsed;
      }
    } catch (URISyntaxException | NumberFormatException unreadable) {
      // refused below
    }
    throw new InvalidConfigurationPropertyValueException(
        PREFIX + "url",
        url,
        "It must have the form redis://user:password@host:port/database, or rediss://... for an"
            + " encrypted connection");
  }

  private static int database(URI url) {
    String path = url.getPath();
    return path == null || path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
  }

  private void refuseUnusable() {
    if (properties.masterreplica() != null) {
      throw new InvalidConfigurationPropertyValueException(
          names.ofElement(PREFIX + "masterreplica.nodes", 0),
          "",
          "The node cannot subscribe over a static list of a master and its replicas. Remove"
              + " spring.data.redis.masterreplica.nodes, and set spring.data.redis.host to the"
              + " master, spring.data.redis.sentinel.* or spring.data.redis.cluster.*");
    }
    String client = properties.clientType();
    if (client != null && !client.equalsIgnoreCase("lettuce")) {
      throw new InvalidConfigurationPropertyValueException(
          PREFIX + "client-type",
          client,
          "Without Spring Data Redis the starter connects with Lettuce. Remove the property, or add"
              + " spring-boot-starter-data-redis and Jedis");
    }
    RedisServerProperties.Sentinel sentinel = properties.sentinel();
    if (sentinel != null) {
      if (!StringUtils.hasText(sentinel.master())) {
        throw new InvalidConfigurationPropertyValueException(
            PREFIX + "sentinel.master", sentinel.master(), "Set it to the name of the master");
      }
      nodes("sentinel.nodes", sentinel.nodes());
    } else if (properties.cluster() != null) {
      nodes("cluster.nodes", properties.cluster().nodes());
    }
  }

  boolean encrypted() {
    return properties.ssl().isOn() || (url != null && "rediss".equals(url.getScheme()));
  }

  boolean cluster() {
    return properties.sentinel() == null && properties.cluster() != null;
  }

  int database() {
    if (cluster()) {
      return 0;
    }
    return url == null ? properties.database() : database(url);
  }

  /** Returns the host and port of the server, or an empty text if there is no single server. */
  String address() {
    return properties.sentinel() != null || cluster() ? "" : alone().host() + ":" + alone().port();
  }

  private Node alone() {
    return url == null
        ? new Node(properties.host(), properties.port())
        : new Node(url.getHost(), url.getPort() < 0 ? properties.port() : url.getPort());
  }

  /** Returns new addresses for Lettuce. */
  List<RedisURI> addresses() {
    RedisServerProperties.Sentinel sentinel = properties.sentinel();
    if (sentinel != null) {
      return List.of(master(sentinel));
    }
    RedisServerProperties.Cluster cluster = properties.cluster();
    if (cluster != null) {
      return nodes("cluster.nodes", cluster.nodes()).stream().map(this::server).toList();
    }
    return List.of(server(alone()));
  }

  private RedisURI server(Node node) {
    RedisURI.Builder builder =
        RedisURI.Builder.redis(node.host(), node.port())
            .withDatabase(database())
            .withSsl(encrypted());
    authenticate(builder, username(), password());
    return builder.build();
  }

  private RedisURI master(RedisServerProperties.Sentinel sentinel) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withSentinelMasterId(String.valueOf(sentinel.master()))
            .withDatabase(database())
            .withSsl(encrypted());
    authenticate(builder, username(), password());
    for (Node node : nodes("sentinel.nodes", sentinel.nodes())) {
      RedisURI.Builder each = RedisURI.Builder.redis(node.host(), node.port()).withSsl(encrypted());
      authenticate(each, sentinel.username(), sentinel.password());
      builder.withSentinel(each.build());
    }
    return builder.build();
  }

  private static void authenticate(
      RedisURI.Builder builder, @Nullable String username, @Nullable String password) {
    if (StringUtils.hasText(username)) {
      builder.withAuthentication(username, password == null ? "" : password);
    } else if (password != null) {
      builder.withPassword(password.toCharArray());
    }
  }

  private @Nullable String username() {
    if (url == null) {
      return properties.username();
    }
    String user = url.getUserInfo();
    int colon = user == null ? -1 : user.indexOf(':');
    return user == null || colon < 0 ? null : user.substring(0, colon);
  }

  private @Nullable String password() {
    if (url == null) {
      return properties.password();
    }
    String user = url.getUserInfo();
    return user == null ? null : user.substring(user.indexOf(':') + 1);
  }

  private List<Node> nodes(String name, List<String> texts) {
    if (texts.isEmpty()) {
      throw new InvalidConfigurationPropertyValueException(
          PREFIX + name, texts, "Name at least one server as host:port");
    }
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      nodes.add(node(names.ofElement(PREFIX + name, i), texts.get(i)));
    }
    return nodes;
  }

  private static Node node(String property, String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        return new Node(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      }
    } catch (NumberFormatException unreadable) {
      // refused below
    }
    throw new InvalidConfigurationPropertyValueException(
        property, text, "It must have the form host:port");
  }
}
