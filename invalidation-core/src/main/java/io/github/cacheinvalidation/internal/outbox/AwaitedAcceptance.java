package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.NotPublishedException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits until the channel has accepted all batches that contain keys of the writer. A node thread
 * does not wait, because the channel may need it to accept.
 */
record AwaitedAcceptance(Outbox outbox, CompletableFuture<Void> accepted, Duration timeout)
    implements Acceptance {

  @Override
  public void await() {
    await(timeout);
  }

  @Override
  public void awaitSince(long sinceNanos, boolean insideTransaction) {
    await(timeout.minusNanos(System.nanoTime() - sinceNanos));
  }

  private void await(Duration longest) {
    if (NodeThreads.includeCurrent()) {
      return;
    }
    Sender present = outbox.sender();
    RuntimeException known = present == null ? null : present.lastFailure();
    if (present == null || known != null) {
      throw notPublished(known);
    }
    try {
      if (DoneSignal.await(accepted, longest) && !accepted.isCompletedExceptionally()) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notPublished(interrupted);
    }
    RuntimeException last = present.lastFailure();
    throw notPublished(last != null ? last : failure());
  }

  private Throwable failure() {
    try {
      accepted.getNow(null);
      return new TimeoutException();
    } catch (CancellationException | CompletionException ended) {
      return ended;
    }
  }

  private NotPublishedException notPublished(@Nullable Throwable cause) {
    return new NotPublishedException(
        "The invalidation was not accepted (invalidation.publish.timeout is "
            + timeout
            + "). The write stands, its commit included, and the outbox keeps trying; until it"
            + " succeeds other nodes may serve the old value. See invalidation.publish.mode",
        cause);
  }
}
