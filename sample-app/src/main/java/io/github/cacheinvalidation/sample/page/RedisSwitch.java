package io.github.cacheinvalidation.sample.page;

/** The Redis server of the shop, as far as a visitor may stop and start it. Safe for any thread. */
public interface RedisSwitch {

  /** Returns the port of the server on the loopback interface. */
  int port();

  /** Returns whether the server runs. */
  boolean isRunning();

  /** Starts the server if it is not running, and waits for it. */
  void start();

  /** Stops the server if it is running, and waits for it. Its data is lost. */
  void stop();
}
