package io.github.cacheinvalidation.testing;

import java.util.concurrent.Executor;

/**
 * Runs each task on a new thread. The common pool has a single thread on a machine with two
 * processors, so there a task that waits for another keeps that other from its start.
 */
public final class ThreadPerTask {

  public static final Executor THREAD_PER_TASK = task -> new Thread(task, "test-task").start();

  private ThreadPerTask() {}
}
