package io.github.cacheinvalidation.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One load under way, which others may wait for. */
final class Flight {

  private final Load load;

  private final CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();

  private volatile @Nullable Thread leader = Thread.currentThread();

  Flight(Load load) {
    this.load = load;
  }

  Load load() {
    return load;
  }

  /** Completes with what was loaded; fails as the load did. */
  CompletableFuture<@Nullable Object> outcome() {
    return outcome;
  }

  /** The thread that runs the loader; null once the loader has handed over to a future. */
  @Nullable Thread leader() {
    return leader;
  }

  void handedOver() {
    leader = null;
  }
}
