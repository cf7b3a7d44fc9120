package io.github.cacheinvalidation.test;

import java.util.List;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the further nodes of a fleet when the context of the test has started, and pauses and
 * restarts them with it, as Spring does between test classes.
 */
final class FleetLifecycle implements SmartLifecycle {

  private final InvalidationFleet fleet;

  private final List<FleetNode> further;

  private final Consumer<FleetNode> load;

  private boolean loaded;

  private volatile boolean running;

  FleetLifecycle(InvalidationFleet fleet, Consumer<FleetNode> load) {
    this.fleet = fleet;
    this.further = fleet.nodes().subList(1, fleet.nodes().size());
    this.load = load;
  }

  @Override
  public void start() {
    if (loaded) {
      further.forEach(FleetNode::restart);
    } else {
      fleet.node(0).requireJoined(InvalidationFleet.PATIENCE);
      fleet.start(further, load);
      loaded = true;
    }
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    further.forEach(FleetNode::pause);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Last to start and first to stop. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
