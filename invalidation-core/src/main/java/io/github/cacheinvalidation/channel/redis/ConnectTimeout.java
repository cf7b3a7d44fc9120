package io.github.cacheinvalidation.channel.redis;

import java.time.Duration;

/** How long connecting may take. */
final class ConnectTimeout {

  /** Unless a command may take longer. */
  static final Duration MOST = Duration.ofSeconds(2);

  private ConnectTimeout() {}

  /** Returns the application's, but at most two seconds, and at least the timeout of a command. */
  static Duration bounded(Duration application, Duration command) {
    Duration bounded = application.compareTo(MOST) < 0 ? application : MOST;
    return bounded.compareTo(command) < 0 ? command : bounded;
  }
}
