package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the node with the application context. {@link EarlyStart} usually makes the
 * first start; this class makes each later start. The node starts after the connection factory
 * (phase 0) and before web servers and message listeners, which have phases near {@link
 * SmartLifecycle#DEFAULT_PHASE}. So the node stops after them, and publishes what they write while
 * they stop.
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
