package io.github.cacheinvalidation.sample;

import io.github.cacheinvalidation.sample.page.ShopPage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/** The text that shows a visitor which commands to try. */
final class Welcome {

  private Welcome() {}

  static String text(
      ShopSettings settings,
      PropertyResolver properties,
      @Nullable EmbeddedRedis redis,
      @Nullable RedisControl control,
      @Nullable ShopPage page) {
    StringBuilder text = new StringBuilder("\n");
    if (page != null) {
      text.append("The shop is running. See its nodes at work, and disturb them, in a browser:\n")
          .append("  " + page.address() + "\n");
    }
    if (!settings.redisOnly()) {
      appendNodes(text, settings, redisCli(properties, redis), channel(properties));
    }
    if (redis != null && control != null) {
      appendRedis(text, redis, control);
    }
    return text.append("Ctrl-C stops everything.\n").toString();
  }

  private static void appendNodes(
      StringBuilder text, ShopSettings settings, String redisCli, String channel) {
    String first = "http://localhost:" + settings.firstPort();
    text.append("Or read a product twice on each node:\n")
        .append(
            settings.nodePorts().stream()
                .map(port -> "  curl http://localhost:" + port + "/products/7\n")
                .collect(Collectors.joining()))
        .append("Change its price on one node, and read it again on the other nodes:\n")
        .append("  curl -X PUT -H 'Content-Type: application/json' -d '{\"price\": 49.90}' ")
        .append(first)
        .append("/products/7\n")
        .append("Read a cached list, and the caches of the node from Spring Boot's Actuator:\n")
        .append("  curl '" + first + "/products?category=coffee'\n")
        .append("  curl " + first + "/actuator/caches\n")
        .append("Invalidate a product from outside the shop:\n")
        .append("  " + redisCli + " PUBLISH " + channel)
        .append(" '{\"cache\":\"products\",\"key\":7}'\n");
  }

  private static void appendRedis(StringBuilder text, EmbeddedRedis redis, RedisControl control) {
    text.append("The embedded Redis listens on port " + redis.port() + ". Stop and start it:\n")
        .append("  curl -X POST http://localhost:" + control.port() + "/redis/stop\n")
        .append("  curl -X POST http://localhost:" + control.port() + "/redis/start\n");
  }

  private static String redisCli(PropertyResolver properties, @Nullable EmbeddedRedis redis) {
    if (redis != null) {
      return "redis-cli -p " + redis.port();
    }
    if (properties.containsProperty("spring.data.redis.url")) {
      return "redis-cli -u <spring.data.redis.url>";
    }
    return "redis-cli -h "
        + properties.getProperty("spring.data.redis.host", "localhost")
        + " -p "
        + properties.getProperty("spring.data.redis.port", "6379");
  }

  private static String channel(PropertyResolver properties) {
    String application = properties.getProperty("spring.application.name", "");
    String preset = "cache:invalidate" + (application.isEmpty() ? "" : ":" + application);
    String database = properties.getProperty("spring.data.redis.database", "0");
    return properties.getProperty("invalidation.channel", preset)
        + (database.equals("0") ? "" : "@" + database);
  }
}
