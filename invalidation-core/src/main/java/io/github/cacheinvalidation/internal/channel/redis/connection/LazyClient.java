package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds a client that one thread creates at first use, and that is closed once. The creation may
 * take long. A close waits for it for a bounded time; a client that is created later is closed by
 * the thread that created it.
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
   * Creates the holder, not the client.
   *
   * @param patience how long a thread waits while another thread creates the client
   * @param timeout how long a close waits for that
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
      close(); // a concurrent close may not have waited for this thread
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

  /** Returns the client, or null if it is not created yet or is closed. */
  public @Nullable C ifMade() {
    return client;
  }

  /** Works on an interrupted thread too. */
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
