package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.NotPublishedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits until the channel has accepted all batches that contain keys of the writer. */
record AwaitedAcceptance(Outbox outbox, CompletableFuture<Void> accepted, Duration timeout)
    implements Acceptance {

  @Override
  public void await() {
    Sender present = outbox.sender();
    RuntimeException known = present == null ? null : present.lastFailure();
    if (present == null || known != null) {
      throw notPublished(known);
    }
    try {
      accepted.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notPublished(interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      RuntimeException last = present.lastFailure();
      throw notPublished(last != null ? last : failure);
    }
  }

  private NotPublishedException notPublished(@Nullable Throwable cause) {
    return new NotPublishedException(
        "The invalidation was not accepted within "
            + timeout
            + ". The write stands, its commit included, and the outbox keeps trying; until it"
            + " succeeds other nodes may serve the old value. See invalidation.publish.mode",
        cause);
  }
}
