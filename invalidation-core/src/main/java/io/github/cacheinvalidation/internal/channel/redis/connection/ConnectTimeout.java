package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;

/**
 * The time limits of connecting. They are longer than the limit of a command, because a machine
 * under load needs time to load classes, to set up encryption and to log in. No thread of the
 * application waits for that.
 */
public final class ConnectTimeout {

  /** The limit for one step, unless the timeout of a command is longer. */
  static final Duration MOST = Duration.ofSeconds(5);

  private ConnectTimeout() {}

  /** Returns how long the server may take for one step of connecting. */
  public static Duration patience(Duration command) {
    return bounded(MOST, command);
  }

  /** Returns the application's limit, but at most five seconds, and at least the command's. */
  public static Duration bounded(Duration application, Duration command) {
    Duration bounded = application.compareTo(MOST) < 0 ? application : MOST;
    return bounded.compareTo(command) < 0 ? command : bounded;
  }
}
