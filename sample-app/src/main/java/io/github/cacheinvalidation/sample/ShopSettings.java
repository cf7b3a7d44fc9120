package io.github.cacheinvalidation.sample;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/**
 * The settings of the launcher. All other arguments are passed unchanged to every node.
 *
 * @param nodes the number of nodes in this process
 * @param firstPort the port of the first node; each further node uses the next port
 * @param redisPort the port of the embedded Redis; 0 for a free port
 * @param controlPort the port on which {@link RedisControl} listens; 0 for a free port
 * @param pagePort the port of the page that shows the nodes; 0 for 8080 or, if that is in use, any
 *     free port
 * @param redisOnly whether to run only the embedded Redis, without nodes
 */
record ShopSettings(
    int nodes, int firstPort, int redisPort, int controlPort, int pagePort, boolean redisOnly) {

  private static final List<String> NAMES =
      List.of(
          "shop.nodes",
          "shop.first-port",
          "shop.redis-port",
          "shop.control-port",
          "shop.page-port",
          "shop.redis-only");

  private static final int HIGHEST_PORT = 65535;

  /**
   * Reads the settings.
   *
   * @throws ShopStartException if a setting is not valid; the message names the setting, its value,
   *     and the allowed values
   */
  static ShopSettings from(PropertyResolver properties) {
    boolean redisOnly = flag(properties, "shop.redis-only");
    int nodes = number(properties, "shop.nodes", 3, 1, 9);
    if (nodes > 1) {
      refusePerNodeSettings(properties, nodes);
    }
    int firstPort = number(properties, "shop.first-port", 8081, 1, HIGHEST_PORT - nodes + 1);
    if (nodes == 1) {
      firstPort = number(properties, "server.port", firstPort, 1, HIGHEST_PORT);
    }
    return new ShopSettings(
        nodes,
        firstPort,
        number(properties, "shop.redis-port", 0, 0, HIGHEST_PORT),
        number(properties, "shop.control-port", 0, 0, HIGHEST_PORT),
        number(properties, "shop.page-port", 0, 0, HIGHEST_PORT),
        redisOnly);
  }

  /**
   * Refuses unknown settings that begin with {@code shop.}.
   *
   * @throws ShopStartException if there is one; the message names it and the known settings
   */
  static void refuseUnknown(Iterable<String> names) {
    for (String name : names) {
      if (name.startsWith("shop.") && !NAMES.contains(name)) {
        throw new ShopStartException(
            "There is no setting " + name + "; there are " + String.join(", ", NAMES) + ".");
      }
    }
  }

  /** Returns the ports of the nodes in ascending order. */
  List<Integer> nodePorts() {
    return IntStream.range(firstPort, firstPort + nodes).boxed().toList();
  }

  private static void refusePerNodeSettings(PropertyResolver properties, int nodes) {
    for (String name : List.of("server.port", "management.server.port", "invalidation.node-name")) {
      if (properties.containsProperty(name)) {
        throw new ShopStartException(
            name
                + "="
                + properties.getProperty(name)
                + " is valid for one node only, but shop.nodes is "
                + nodes
                + ". Remove it (shop.first-port sets the ports), or set shop.nodes=1.");
      }
    }
  }

  private static int number(
      PropertyResolver properties, String name, int preset, int least, int most) {
    String value = properties.getProperty(name, Integer.toString(preset)).strip();
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notANumber(name, value, least, most, e);
    }
    throw notANumber(name, value, least, most, null);
  }

  private static boolean flag(PropertyResolver properties, String name) {
    String value = properties.getProperty(name, "false").strip();
    return switch (value) {
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw new ShopStartException(name + "=" + value + " must be either true or false.");
    };
  }

  private static ShopStartException notANumber(
      String name, String value, int least, int most, @Nullable NumberFormatException cause) {
    return new ShopStartException(
        name + "=" + value + " must be a whole number from " + least + " to " + most + ".", cause);
  }
}
