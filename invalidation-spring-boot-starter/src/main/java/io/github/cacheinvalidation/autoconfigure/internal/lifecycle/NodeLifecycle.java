package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the node with the application context. {@link EarlyStart} usually makes the
 * first start; this class makes each later start. The node starts after the connection factory
 * (phase 0) and before web servers and message listeners, which have phases near {@link
 * SmartLifecycle#DEFAULT_PHASE}. So the node stops after them, and publishes what they write while
 * they stop.
 *
 * <p>A node whose cache manager is beside another one starts when its first cache is created, but
 * not before the context starts. A node without caches has no entries, and nothing to publish.
 */
public final class NodeLifecycle implements SmartLifecycle {

  public static final int PHASE = 1024;

  private final DefaultInvalidationNode node;

  private final boolean enabled;

  private boolean wanted;

  private boolean started;

  /**
   * Creates the lifecycle of a node.
   *
   * @param node the node
   * @param enabled whether the node may be started
   * @param atOnce whether the node starts with the context, and not with its first cache
   */
  public NodeLifecycle(DefaultInvalidationNode node, boolean enabled, boolean atOnce) {
    this.node = node;
    this.enabled = enabled;
    this.wanted = atOnce;
    if (!atOnce) {
      CoherentCacheManager caches = CacheManagerBean.of(node);
      caches.onCreation(cache -> want());
      if (!caches.getCacheNames().isEmpty()) {
        want();
      }
    }
  }

  private synchronized void want() {
    if (started && !wanted && enabled) {
      node.start();
    }
    wanted = true;
  }

  @Override
  public synchronized void start() {
    started = true;
    if (wanted && enabled) {
      node.start();
    }
  }

  /** Not synchronized as a whole: threads of the node may wait for the lock while it stops. */
  @Override
  public void stop() {
    synchronized (this) {
      started = false;
    }
    node.stop();
  }

  @Override
  public synchronized boolean isRunning() {
    return started;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
