package io.github.cacheinvalidation.internal.judge;

import io.github.cacheinvalidation.SourceOfTruth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ObjectUtils;

/**
 * Decides about one entry in each step. A cached value that differs from its source is no error
 * yet: the invalidation of a write may be under way. So the decision has two parts:
 *
 * <ol>
 *   <li>The judge looks at a random entry, and then reads its source. If the values differ, it
 *       suspects the entry.
 *   <li>When the watermark of the cache is a staleness bound later than that read, the node has
 *       applied every message that was accepted in this time, so it would know of the write. If the
 *       entry is unchanged (see {@link JudgedEntry#isUnchanged}) and still differs, it is stale.
 * </ol>
 *
 * <p>The time between the parts is measured by the watermark. A node that is not confirmed
 * therefore accuses no entry; its staleness bound clears the entry. Before an entry is found stale,
 * the source is read once more: values of a class without {@code equals} differ from each other
 * too, and prove nothing.
 *
 * <p>For one thread, but {@link #end} may be called by any.
 */
final class JudgeLoop {

  /** Limit of memory, since suspected values stay in memory. */
  private static final int MOST_SUSPECTS = 1000;

  /** A cache, its source, and the keys that are looked at next. */
  private record Watched(
      String cache, SourceOfTruth source, JudgeCounters counters, KeySample sample) {}

  /** An entry that differed from its source at a moment of the monotonic clock. */
  private record Suspect(Watched watched, JudgedEntry entry, JudgedCache cache, long sinceNanos) {

    boolean isDue() {
      return cache.watermark().nanos() - sinceNanos >= cache.bound().toNanos();
    }
  }

  /** What a source has returned. */
  private record Answer(@Nullable Object value) {}

  private final Function<String, @Nullable JudgedCache> caches;
  private final LongSupplier nanoTime;
  private final BooleanSupplier coherent;
  private final JudgeListener listener;
  private final boolean evict;
  private final List<Watched> watched;
  private final List<Suspect> suspects = new ArrayList<>();
  private int next;
  private volatile boolean ended;

  JudgeLoop(
      List<? extends SourceOfTruth> sources,
      Function<String, JudgeCounters> counters,
      Function<String, @Nullable JudgedCache> caches,
      LongSupplier nanoTime,
      RandomGenerator random,
      BooleanSupplier coherent,
      boolean evict,
      JudgeListener listener) {
    this.caches = caches;
    this.nanoTime = nanoTime;
    this.coherent = coherent;
    this.listener = listener;
    this.evict = evict;
    this.watched =
        sources.stream()
            .map(
                each ->
                    new Watched(
                        each.cache(), each, counters.apply(each.cache()), new KeySample(random)))
            .toList();
  }

  /** Decides about a suspect that is due, or looks at another entry; does nothing if cut off. */
  void step() {
    if (!coherent.getAsBoolean()) {
      return;
    }
    Suspect due = takeDue();
    if (due != null) {
      decide(due);
    } else {
      lookAtNext();
    }
  }

  /**
   * A failure from now on, such as an interrupted read, belongs to the stop and is not reported.
   */
  void end() {
    ended = true;
  }

  private @Nullable Suspect takeDue() {
    for (Iterator<Suspect> each = suspects.iterator(); each.hasNext(); ) {
      Suspect suspect = each.next();
      if (suspect.isDue()) {
        each.remove();
        return suspect;
      }
    }
    return null;
  }

  private void lookAtNext() {
    boolean looked = false;
    for (int tried = 0; tried < watched.size() && !looked; tried++) {
      Watched turn = watched.get(next);
      next = (next + 1) % watched.size();
      looked = lookAt(turn);
    }
  }

  /** Returns whether the step is done; otherwise there was no entry to compare. */
  private boolean lookAt(Watched turn) {
    try {
      JudgedCache cache = caches.apply(turn.cache());
      Object key =
          cache == null ? null : turn.sample().draw(cache.store().entries().asMap().keySet());
      JudgedEntry entry = cache == null || key == null ? null : JudgedEntry.at(cache.store(), key);
      if (cache == null || entry == null || isSuspected(entry)) {
        return false;
      }
      compare(turn, entry, cache);
    } catch (RuntimeException | Error failure) { // of a key of the application; the thread goes on
      failed(turn, failure);
    }
    return true;
  }

  private boolean isSuspected(JudgedEntry entry) {
    return suspects.stream()
        .anyMatch(
            suspect ->
                suspect.entry().store() == entry.store()
                    && suspect.entry().key().equals(entry.key()));
  }

  private void compare(Watched turn, JudgedEntry entry, JudgedCache cache) {
    Answer current = read(turn, entry);
    long now = nanoTime.getAsLong();
    if (current == null || !entry.isUnchanged()) {
      return; // a write crossed the read, so the values belong to different moments
    }
    Boolean same = same(turn, entry.value(), current);
    if (same == null) {
      return;
    }
    if (same) {
      turn.counters().checked();
    } else if (suspects.size() < MOST_SUSPECTS) {
      suspects.add(new Suspect(turn, entry, cache, now));
    }
  }

  private void decide(Suspect suspect) {
    try {
      decideNow(suspect);
    } catch (RuntimeException | Error failure) { // of a key of the application; the thread goes on
      failed(suspect.watched(), failure);
    }
  }

  private void decideNow(Suspect suspect) {
    Watched turn = suspect.watched();
    JudgedEntry entry = suspect.entry();
    if (!entry.isUnchanged()) {
      turn.counters().checked();
      return;
    }
    Answer current = read(turn, entry);
    Boolean same = current == null ? null : same(turn, entry.value(), current);
    if (current == null || same == null) {
      return;
    }
    if (same) {
      turn.counters().checked();
      return;
    }
    Answer again = read(turn, entry);
    Boolean repeated = again == null ? null : same(turn, current.value(), again);
    if (repeated == null) {
      return;
    }
    if (!repeated) {
      turn.counters().failed();
      listener.incomparable(turn.cache(), typeOf(current.value()));
      return;
    }
    turn.counters().checked();
    if (entry.isUnchanged()) {
      found(suspect);
    }
  }

  private void found(Suspect suspect) {
    Watched turn = suspect.watched();
    JudgedEntry entry = suspect.entry();
    Duration age = entry.age();
    turn.counters().mismatch();
    if (evict) {
      entry.store().evict(entry.key());
    }
    listener.mismatch(
        new JudgeListener.Mismatch(
            turn.cache(),
            entry.key(),
            Duration.ofNanos(nanoTime.getAsLong() - suspect.sinceNanos()),
            age,
            evict));
  }

  private @Nullable Answer read(Watched turn, JudgedEntry entry) {
    try {
      return new Answer(ObjectUtils.unwrapOptional(turn.source().read(entry.key())));
    } catch (Throwable failure) { // of the application; the thread goes on
      failed(turn, failure);
      return null;
    }
  }

  /** Returns null if the comparison failed. */
  private @Nullable Boolean same(Watched turn, @Nullable Object cached, Answer current) {
    try {
      boolean same = turn.source().same(cached, current.value());
      listener.compared(turn.cache());
      return same;
    } catch (Throwable failure) { // of the application; the thread goes on
      failed(turn, failure);
      return null;
    }
  }

  private void failed(Watched turn, Throwable failure) {
    if (!ended) {
      turn.counters().failed();
      listener.failed(turn.cache(), failure);
    }
  }

  private static Class<?> typeOf(@Nullable Object value) {
    return value == null ? Void.class : value.getClass();
  }
}
