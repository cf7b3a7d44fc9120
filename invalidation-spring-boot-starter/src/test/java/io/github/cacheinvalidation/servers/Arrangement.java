package io.github.cacheinvalidation.servers;

import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Running servers, as a test needs them. Closed after the test. */
abstract class Arrangement implements AutoCloseable {

  /** Returns the servers; the first one is where an application without further settings goes. */
  abstract List<TestRedis> servers();

  /** Configures an application for these servers. */
  abstract ApplicationContextRunner configure(ApplicationContextRunner application);

  /**
   * Lets happen what the topology is about.
   *
   * @param fleet the nodes; coherent before, and to be coherent afterwards
   */
  void happen(Fleet fleet) throws Exception {}

  /** Whether messages may be lost by what happens, so that caches may be cleared. */
  boolean mayLoseMessages() {
    return false;
  }

  @Override
  public void close() {}
}
