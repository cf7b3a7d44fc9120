package io.github.cacheinvalidation.internal.group;

import io.github.cacheinvalidation.internal.channel.GroupLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The daemon thread of one group, from a start of the node to its stop. */
final class GroupThread {

  private final String group;
  private final List<GroupLog> logs;
  private final GroupTurns turns;
  private final Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);

  GroupThread(String group, List<GroupLog> logs, GroupTurns turns) {
    this.group = group;
    this.logs = logs;
    this.turns = turns;
    this.thread = new Thread(this::run, "cache-invalidation-group-" + group);
    this.thread.setDaemon(true);
  }

  String group() {
    return group;
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean running = true;
    while (running) {
      Duration pause = turns.step();
      running = !awaitStop(pause);
    }
    turns.leave();
  }

  /** A handler may leave an interrupt, which must not end the wait here. */
  private boolean awaitStop(Duration pause) {
    boolean ignored = Thread.interrupted();
    try {
      return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException ofStop) {
      return stopped.getCount() == 0;
    }
  }

  /** Asks the thread to end after the running handler. Does not wait. */
  void beginStop() {
    stopped.countDown();
  }

  /**
   * Waits until the thread has ended, then closes the connections.
   *
   * @return whether it has ended in time; if not, it was interrupted
   */
  boolean awaitEnd(Duration timeout) {
    if (thread == Thread.currentThread()) {
      return true; // the handler stops the node; the thread ends after it
    }
    boolean ended = false;
    try {
      thread.join(Math.max(1, timeout.toMillis()));
      ended = !thread.isAlive();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      thread.interrupt();
    }
    logs.forEach(GroupLog::close);
    return ended;
  }
}
