package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.ArrayList;
import java.util.List;

/** Local caches that hold nothing and records its calls. */
final class RecordingLocalCaches implements LocalCaches {

  private final List<String> applied = new ArrayList<>();

  private final List<ClearReason> clears = new ArrayList<>();

  private final List<Long> distrusts = new ArrayList<>();

  private final List<String> refused = new ArrayList<>();

  private final List<String> broken = new ArrayList<>();

  /** From now on applying this invalidation fails, as broken keys of an application make it. */
  void breakOn(String invalidation) {
    refused.add(invalidation);
  }

  /** From now on applying this invalidation ends in an error, not in an exception. */
  void breakDownOn(String invalidation) {
    broken.add(invalidation);
  }

  /** Returns the applied keys, in order; the keys of a cache as {@code cache:key}. */
  List<String> applied() {
    return applied;
  }

  List<ClearReason> clears() {
    return clears;
  }

  /** Returns the moments until which the held entries stayed trusted, in order. */
  List<Long> distrusts() {
    return distrusts;
  }

  @Override
  public void apply(List<Invalidation<WireKey>> invalidations) {
    for (Invalidation<WireKey> each : invalidations) {
      String text = describe(each);
      if (refused.contains(text)) {
        throw new IllegalStateException("Injected: the key is broken");
      }
      if (broken.contains(text)) {
        throw new AssertionError("Injected: the codec is broken");
      }
      applied.add(text);
    }
  }

  private static String describe(Invalidation<WireKey> invalidation) {
    if (invalidation instanceof Invalidation.Keys<WireKey> keys) {
      return keys.cache() + ":" + keys.keys().size();
    }
    return invalidation instanceof Invalidation.Whole<WireKey> whole
        ? whole.cache()
        : invalidation.getClass().getSimpleName();
  }

  @Override
  public void clearAll(ClearReason reason) {
    clears.add(reason);
  }

  @Override
  public void markSuspect(long confirmedNanos) {
    distrusts.add(confirmedNanos);
  }
}
