package io.github.cacheinvalidation.internal.loading;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One load under way, which others may wait for. */
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
   * Completes with what was loaded, in the form of the cache; with null if joiners must load on
   * their own; fails as the load did.
   */
  CompletableFuture<@Nullable Object> outcome() {
    return outcome;
  }

  /**
   * Keeps the value from the joiners. The leader's thread saw a rollback during the load. Joiners
   * run on other threads, which saw none, so they would store what they compute from the value.
   */
  void refuseJoiners() {
    joinersRefused = true;
  }

  /** Completes the outcome: with a failure if there is one, otherwise with the value. */
  void complete(@Nullable Object storeValue, @Nullable Throwable failure) {
    if (failure == null) {
      outcome.complete(joinersRefused ? null : storeValue);
    } else {
      outcome.completeExceptionally(failure);
    }
  }

  /** The thread that runs the loader; null once the loader has handed over to a future. */
  @Nullable Thread leader() {
    return leader;
  }

  void handedOver() {
    leader = null;
  }
}
