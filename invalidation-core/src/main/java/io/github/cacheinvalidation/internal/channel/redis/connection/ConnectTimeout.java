package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;

/**
 * How long connecting may take: longer than a command, because a machine under load needs the time
 * to load classes, to encrypt and to log in. No thread of the application waits for it.
 */
public final class ConnectTimeout {

  /** Unless a command may take longer. */
  static final Duration MOST = Duration.ofSeconds(5);

  private ConnectTimeout() {}

  /** Returns how long the server may take for each step of connecting. */
  public static Duration patience(Duration command) {
    return bounded(MOST, command);
  }

  /** Returns the application's, but at most five seconds, and at least the timeout of a command. */
  public static Duration bounded(Duration application, Duration command) {
    Duration bounded = application.compareTo(MOST) < 0 ? application : MOST;
    return bounded.compareTo(command) < 0 ? command : bounded;
  }
}
