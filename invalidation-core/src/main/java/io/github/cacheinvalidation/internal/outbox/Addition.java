package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations of one writer on their way into one outbox. What is added stays in the outbox;
 * the rest waits here until there is room. For the thread of the writer.
 */
final class Addition {

  private final Outbox outbox;

  private final Iterator<Invalidation.OfCache<Object>> caches;

  private final List<Batch> joined = new ArrayList<>(1);

  private String cache;

  /** The keys of the cache that are not added yet. */
  private Iterator<Object> keys;

  /** The batch with the last key if there was no room for it; otherwise null. */
  private @Nullable Batch full;

  private Acceptance sent = Acceptance.NOT_AWAITED;

  Addition(Outbox outbox, List<Invalidation.OfCache<Object>> stale) {
    this.outbox = outbox;
    this.caches = stale.iterator();
    this.cache = "";
    this.keys = Collections.emptyIterator();
  }

  /** An addition of one key. */
  Addition(Outbox outbox, String cache, Object key) {
    this.outbox = outbox;
    this.caches = Collections.emptyIterator();
    this.cache = cache;
    this.keys = Collections.singleton(key).iterator();
  }

  /** Adds what there is room for, without a wait. Call {@link #finish} afterwards. */
  void offer() {
    outbox.advance(this, false);
  }

  /** Adds the rest. Waits for room. */
  Acceptance finish() {
    if (full != null || keys.hasNext() || caches.hasNext()) {
      outbox.advance(this, true);
    }
    return joined.isEmpty() ? Acceptance.NOT_AWAITED : outbox.acceptance(joined, sent);
  }

  /**
   * Adds the next invalidations, under the lock of the outbox.
   *
   * @param waits whether to wait for room; otherwise this returns where there is none
   * @param told collects the calls of the observer for after the unlock
   */
  void advance(boolean waits, List<Runnable> told) {
    while (full == null || waits) {
      if (full != null) {
        Batch present = full;
        full = null;
        outbox.makeRoom(present, cache, told);
      } else if (keys.hasNext()) {
        Batch present = join(); // the sender may have taken the last batch
        full = outbox.addKey(cache, keys.next(), told) ? present : null;
      } else if (caches.hasNext()) {
        begin(caches.next(), told);
      } else {
        return;
      }
    }
  }

  private void begin(Invalidation.OfCache<Object> next, List<Runnable> told) {
    cache = next.cache();
    if (next instanceof Invalidation.Keys<Object> some) {
      keys = some.keys().iterator();
    } else {
      join();
      outbox.addWhole(cache, told);
    }
  }

  private Batch join() {
    Batch present = outbox.batch();
    if (joined.isEmpty() || joined.get(joined.size() - 1) != present) {
      joined.add(present);
    }
    return present;
  }

  /** Notes how the writer waits for what it has sent. */
  void sent(Acceptance acceptance) {
    sent = acceptance;
  }
}
