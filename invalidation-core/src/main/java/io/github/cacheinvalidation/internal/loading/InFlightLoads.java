package io.github.cacheinvalidation.internal.loading;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The in-flight loads of one cache. A caller can join a load while the fence would still store its
 * value; after that, the next caller leads another load.
 */
final class InFlightLoads {

  private final ConcurrentHashMap<Object, InFlightLoad> inFlightLoads = new ConcurrentHashMap<>();

  /**
   * Joins the in-flight load of a key or begins one.
   *
   * @param key the key
   * @param own the load to begin if there is none to join
   * @param joinable tells whether a load can still be joined
   * @return the in-flight load; {@code own} if the caller leads
   */
  InFlightLoad joinOrLead(Object key, InFlightLoad own, Predicate<InFlightLoad> joinable) {
    @Nullable InFlightLoad present = inFlightLoads.get(key);
    if (present != null && joinable.test(present)) {
      return present;
    }
    return inFlightLoads.compute(
        key,
        (sameKey, other) ->
            other != null && other != present && joinable.test(other) ? other : own);
  }

  /** Ends a load after its value was stored or refused, or after it failed. */
  void land(
      Object key, InFlightLoad inFlight, @Nullable Object storeValue, @Nullable Throwable failure) {
    inFlightLoads.remove(key, inFlight);
    inFlight.complete(storeValue, failure);
  }

  int size() {
    return inFlightLoads.size();
  }
}
