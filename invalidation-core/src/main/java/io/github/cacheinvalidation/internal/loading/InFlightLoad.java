package io.github.cacheinvalidation.internal.loading;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A load in progress, for which other callers may wait. */
final class InFlightLoad {

  private final Load load;

  private final CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();

  private volatile boolean joinersRefused;

  private volatile @Nullable Thread leader = Thread.currentThread();

  InFlightLoad(Load load) {
    this.load = load;
  }

  Load load() {
    return load;
  }

  /**
   * Completes with the loaded value in the form of the cache, or with null if joiners must load on
   * their own; fails as the load did.
   */
  CompletableFuture<@Nullable Object> outcome() {
    return outcome;
  }

  /**
   * Withholds the value from joiners, because the leader's thread saw a rollback or is in a
   * read-write transaction. Joiners on other threads did not see this and would store results of
   * the value.
   */
  void refuseJoiners() {
    joinersRefused = true;
  }

  /** Completes the outcome with the failure, if there is one, or with the value. */
  void complete(@Nullable Object storeValue, @Nullable Throwable failure) {
    if (failure == null) {
      outcome.complete(joinersRefused ? null : storeValue);
    } else {
      outcome.completeExceptionally(failure);
    }
  }

  /** Returns the thread that runs the loader; null once the loader has returned a future. */
  @Nullable Thread leader() {
    return leader;
  }

  void handedOver() {
    leader = null;
  }
}
