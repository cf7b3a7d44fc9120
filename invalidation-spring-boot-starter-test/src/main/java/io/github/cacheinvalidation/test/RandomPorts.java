package io.github.cacheinvalidation.test;

import java.util.Map;
import org.springframework.core.env.Environment;

/** Lets the web servers of a node listen on random ports, because several nodes share a machine. */
final class RandomPorts {

  private static final String SERVER = "server.port";

  private static final String MANAGEMENT = "management.server.port";

  private RandomPorts() {}

  /** Returns the settings of the ports; that of the management only if it has a port of its own. */
  static Map<String, Object> of(Environment environment) {
    Integer management = environment.getProperty(MANAGEMENT, Integer.class);
    return management == null || management < 0
        ? Map.of(SERVER, 0)
        : Map.of(SERVER, 0, MANAGEMENT, 0);
  }
}
