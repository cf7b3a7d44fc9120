package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.Nullable;

/** Runs several actions, each even if an earlier one throws, and keeps what they throw. */
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

  /** Throws the first failure, with the later ones suppressed in it, and forgets all of them. */
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
