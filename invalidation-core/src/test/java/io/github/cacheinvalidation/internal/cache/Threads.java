package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One thread of a test, and bounded waiting. */
public final class Threads<T> {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final CompletableFuture<T> outcome = new CompletableFuture<>();

  private final Thread thread;

  private Threads(Callable<T> task) {
    thread =
        new Thread(
            () -> {
              try {
                outcome.complete(task.call());
              } catch (Throwable failure) {
                outcome.completeExceptionally(failure);
              }
            });
    thread.setDaemon(true);
  }

  /** Runs a task on a thread of its own. */
  public static <T> Threads<T> start(Callable<T> task) {
    Threads<T> started = new Threads<>(task);
    started.thread.start();
    return started;
  }

  /** Returns the result of the task, or fails as the task did. */
  public T result() throws Exception {
    return outcome.get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits until the thread itself waits for something without a limit. */
  public Threads<T> untilWaiting() {
    await().atMost(BOUND).until(() -> thread.getState() == Thread.State.WAITING);
    return this;
  }

  /** Waits for a latch. */
  public static void reach(CountDownLatch latch) {
    try {
      assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
