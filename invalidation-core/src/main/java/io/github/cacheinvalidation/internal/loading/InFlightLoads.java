package io.github.cacheinvalidation.internal.loading;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one cache that are under way. A flight can be joined while the fence would still
 * store its value; after that the next caller leads another.
 */
final class InFlightLoads {

  private final ConcurrentHashMap<Object, InFlightLoad> inFlightLoads = new ConcurrentHashMap<>();

  /**
   * Joins the flight of a key or begins one.
   *
   * @param key the key
   * @param own the flight to begin if there is none that can be joined
   * @param joinable whether a flight can still be joined
   * @return the flight that is under way; {@code own} if the caller leads
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

  /** Ends a flight, after its value was stored or refused, or after its load failed. */
  void land(
      Object key, InFlightLoad inFlight, @Nullable Object storeValue, @Nullable Throwable failure) {
    inFlightLoads.remove(key, inFlight);
    inFlight.complete(storeValue, failure);
  }

  int size() {
    return inFlightLoads.size();
  }
}
