package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the node with the application. At the first start of a context the node was
 * mostly started when it was made; see {@link EarlyStart}. Each further one is made here, after the
 * connection factory (phase 0) and before what takes work from outside: web servers and message
 * listeners are in phases near {@link SmartLifecycle#DEFAULT_PHASE}. So it stops after them, and
 * what they write while they end is still published.
 */
final class NodeLifecycle implements SmartLifecycle {

  static final int PHASE = 1024;

  private final DefaultInvalidationNode node;

  private final boolean enabled;

  NodeLifecycle(DefaultInvalidationNode node, boolean enabled) {
    this.node = node;
    this.enabled = enabled;
  }

  @Override
  public void start() {
    if (enabled) {
      node.start();
    }
  }

  @Override
  public void stop() {
    node.stop();
  }

  @Override
  public boolean isRunning() {
    return node.isRunning();
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
