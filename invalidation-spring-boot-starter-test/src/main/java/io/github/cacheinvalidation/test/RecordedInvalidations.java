package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.AssertProvider;

/**
 * What the application of a test has invalidated: evicted keys, keys that were put, and cleared
 * caches, by annotations, by a {@code CacheInvalidator} or by a {@code Cache}. The values that a
 * node loads, the messages of other nodes and caches that are {@code local-only} are not recorded.
 *
 * <p>An invalidation is recorded when it acts: outside a transaction before the call returns,
 * inside a transaction at its end, as long as the caller of the commit waits. What other threads
 * invalidate is recorded too.
 *
 * <p>{@code assertThat(invalidations)} of AssertJ returns a {@link RecordedInvalidationsAssert}.
 * Safe for use by any thread.
 */
public final class RecordedInvalidations implements AssertProvider<RecordedInvalidationsAssert> {

  private final List<Invalidation.OfCache<Object>> all = new CopyOnWriteArrayList<>();

  RecordedInvalidations() {}

  void add(Invalidation.OfCache<Object> stale) {
    all.add(
        stale instanceof Invalidation.Keys<Object> some
            ? new Invalidation.Keys<>(some.cache(), List.copyOf(some.keys()))
            : stale);
  }

  /**
   * Returns a snapshot of the invalidations since the last {@link #clear}, in the order of their
   * recording: {@link Invalidation.Keys} or {@link Invalidation.Whole}. The invalidations of one
   * transaction may be merged.
   */
  public List<Invalidation.OfCache<Object>> all() {
    return List.copyOf(all);
  }

  /** Forgets the invalidations so far. */
  public void clear() {
    all.clear();
  }

  @Override
  public RecordedInvalidationsAssert assertThat() {
    return new RecordedInvalidationsAssert(this);
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
