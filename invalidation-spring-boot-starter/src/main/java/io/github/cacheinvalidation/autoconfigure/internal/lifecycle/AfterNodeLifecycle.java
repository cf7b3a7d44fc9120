package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import org.springframework.context.SmartLifecycle;

/** A lifecycle that begins after the start of the node and ends before its stop. */
abstract class AfterNodeLifecycle implements SmartLifecycle {

  private volatile boolean started;

  /** Begins the work. All beans exist. */
  abstract void begin();

  /** Ends the work. */
  abstract void end();

  @Override
  public void start() {
    started = true;
    begin();
  }

  @Override
  public void stop() {
    end();
    started = false;
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  @Override
  public int getPhase() {
    return NodeLifecycle.PHASE + 1;
  }
}
