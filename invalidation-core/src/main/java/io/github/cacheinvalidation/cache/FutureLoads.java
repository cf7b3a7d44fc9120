package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.transaction.Transactions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one cache whose loaders hand over to a future. What a load brought is stored on the
 * thread that completes the future.
 */
final class FutureLoads {

  private final String cache;

  private final Loading loading;

  private final Transactions transactions;

  private final InvalidationObserver observer;

  private final Flights flights = new Flights();

  FutureLoads(
      String cache, Loading loading, Transactions transactions, InvalidationObserver observer) {
    this.cache = cache;
    this.loading = loading;
    this.transactions = transactions;
    this.observer = observer;
  }

  /**
   * Returns what a loader brings, with one load at a time for each key.
   *
   * @param lookup answers from the cache
   * @return the value in the form in which the cache holds it, or the failure of the loader
   */
  <T> CompletableFuture<@Nullable Object> retrieve(
      Object key,
      Supplier<CompletableFuture<T>> loader,
      Function<Object, @Nullable Object> lookup) {
    Object present = lookup.apply(key);
    if (present != null) {
      return CompletableFuture.completedFuture(present);
    }
    Flight own = loading.beginJoinable(key);
    if (own.load().unit() != null) {
      return storing(own, key, loader.get());
    }
    Flight flight = flights.joinOrLead(key, own, other -> loading.isJoinable(key, other));
    if (flight == own) {
      return lead(flight, key, loader);
    }
    if (flight.leader() == Thread.currentThread()) {
      return storing(own, key, loader.get());
    }
    return flight
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
   * Loads for a joiner, outside of transactions as the joiner began. The thread that completed the
   * future of the leader can be in a transaction of its own, through which the loader must not
   * read.
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
      Flight flight, Object key, Supplier<CompletableFuture<T>> loader) {
    CompletableFuture<@Nullable Object> loaded;
    try {
      loaded = storing(flight, key, loader.get());
    } catch (Throwable failure) {
      flights.land(key, flight, null, failure);
      throw failure;
    }
    flight.handedOver();
    return loaded.whenComplete((value, failure) -> flights.land(key, flight, value, failure));
  }

  private <T> CompletableFuture<@Nullable Object> storing(
      Flight flight, Object key, CompletableFuture<T> source) {
    return source
        .<@Nullable Object>thenApply(value -> loading.store(flight, key, value))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unwrapped(failure)));
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
