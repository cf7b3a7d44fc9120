package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one cache whose loaders return a future. The thread that completes the future stores
 * the loaded value.
 */
public final class FutureLoads {

  private final String cache;

  private final Loading loading;

  private final Transactions transactions;

  private final InvalidationObserver observer;

  private final InFlightLoads inFlightLoads = new InFlightLoads();

  public FutureLoads(
      String cache, Loading loading, Transactions transactions, InvalidationObserver observer) {
    this.cache = cache;
    this.loading = loading;
    this.transactions = transactions;
    this.observer = observer;
  }

  /**
   * Returns the cached value of a key, or loads it with one shared load at a time for each key. A
   * caller in a transaction, or on the thread that leads the load, loads alone.
   *
   * @param lookup looks the key up in the cache
   * @return the value in the form in which the cache holds it, or the failure of the loader
   */
  public <T> CompletableFuture<@Nullable Object> retrieve(
      Object key,
      Supplier<CompletableFuture<T>> loader,
      Function<Object, @Nullable Object> lookup) {
    Object present = lookup.apply(key);
    if (present != null) {
      return CompletableFuture.completedFuture(present);
    }
    InFlightLoad own = loading.beginJoinable(key);
    if (own.load().unit() != null) {
      return storing(own, key, loader.get());
    }
    InFlightLoad inFlight =
        inFlightLoads.joinOrLead(key, own, other -> loading.isJoinable(key, other));
    if (inFlight == own) {
      return lead(inFlight, key, loader);
    }
    if (inFlight.leader() == Thread.currentThread()) {
      return storing(own, key, loader.get());
    }
    observer.loadJoined(cache);
    return inFlight
        .outcome()
        .exceptionally(
            leaderFailed -> {
              observer.leaderFailed(cache);
              return null;
            })
        .thenCompose(
            value ->
                value == null
                    ? retrieveOutside(key, loader, lookup)
                    : CompletableFuture.completedFuture(value));
  }

  /**
   * Loads for a joiner whose leader failed or withheld its value. The joiner began outside of
   * transactions, but the thread that completed the leader's future can be in a transaction. The
   * loader must not read through that transaction, so it then runs on another thread.
   */
  private <T> CompletableFuture<@Nullable Object> retrieveOutside(
      Object key,
      Supplier<CompletableFuture<T>> loader,
      Function<Object, @Nullable Object> lookup) {
    return transactions.reading() == null
        ? retrieve(key, loader, lookup)
        : CompletableFuture.completedFuture(key)
            .thenComposeAsync(same -> retrieve(same, loader, lookup));
  }

  private <T> CompletableFuture<@Nullable Object> lead(
      InFlightLoad inFlight, Object key, Supplier<CompletableFuture<T>> loader) {
    CompletableFuture<@Nullable Object> loaded;
    try {
      loaded = storing(inFlight, key, loader.get());
    } catch (Throwable failure) {
      inFlightLoads.land(key, inFlight, null, failure);
      throw failure;
    }
    inFlight.handedOver();
    return loaded.whenComplete(
        (value, failure) -> inFlightLoads.land(key, inFlight, value, failure));
  }

  private <T> CompletableFuture<@Nullable Object> storing(
      InFlightLoad inFlight, Object key, CompletableFuture<T> source) {
    return source
        .<@Nullable Object>thenApply(value -> loading.store(inFlight, key, value))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unwrapped(failure)));
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
