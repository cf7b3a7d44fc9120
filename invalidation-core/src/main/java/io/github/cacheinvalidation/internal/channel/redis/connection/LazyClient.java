package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that is made when it is needed first, by one thread, and is closed once. To make it may
 * take long. A close waits for that for a bounded time; a client that is made later is closed by
 * the thread that made it.
 */
public final class LazyClient<C> implements AutoCloseable {

  private final Supplier<C> maker;
  private final Consumer<C> closer;
  private final Duration patience;
  private final Duration timeout;
  private final ReentrantLock creation = new ReentrantLock();
  private volatile @Nullable C client;
  private volatile boolean closed;

  /**
   * Makes nothing.
   *
   * @param patience how long a thread waits while another one makes the client
   * @param timeout how long a close waits for the same
   */
  public LazyClient(Supplier<C> maker, Consumer<C> closer, Duration patience, Duration timeout) {
    this.maker = maker;
    this.closer = closer;
    this.patience = patience;
    this.timeout = timeout;
  }

  public C get() {
    C present = client;
    if (present == null && !closed) {
      present = made();
    }
    if (present == null || closed) {
      close(); // a close meanwhile did not wait for this thread, perhaps
      throw new IllegalStateException("The channel is closed");
    }
    return present;
  }

  private @Nullable C made() {
    if (!tryLock(patience)) {
      throw new IllegalStateException("The client is still being made");
    }
    try {
      C present = client;
      if (present == null && !closed) {
        present = maker.get();
        client = present;
      }
      return present;
    } finally {
      creation.unlock();
    }
  }

  /** Returns null where it is not made yet, or is closed. */
  public @Nullable C ifMade() {
    return client;
  }

  /** Also for a thread that is interrupted. */
  @Override
  public void close() {
    closed = true;
    if (!tryLock(timeout)) {
      return;
    }
    try {
      C present = client;
      if (present != null) {
        closer.accept(present);
        client = null;
      }
    } finally {
      creation.unlock();
    }
  }

  private boolean tryLock(Duration limit) {
    if (creation.tryLock()) {
      return true;
    }
    try {
      return creation.tryLock(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
