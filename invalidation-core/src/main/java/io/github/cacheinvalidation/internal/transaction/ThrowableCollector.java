package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.Nullable;

/** Does one thing after another, whatever fails, and keeps the failures for later. */
final class ThrowableCollector {

  private @Nullable Throwable failure;

  void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failed) {
      if (failure == null) {
        failure = failed;
      } else if (failure != failed) {
        failure.addSuppressed(failed);
      }
    }
  }

  /** Throws the first failure, with the others in it, unless it was thrown already. */
  void rethrow() {
    Throwable kept = failure;
    failure = null;
    if (kept instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (kept instanceof Error error) {
      throw error;
    }
  }
}
