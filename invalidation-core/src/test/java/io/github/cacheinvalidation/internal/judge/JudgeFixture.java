package io.github.cacheinvalidation.internal.judge;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A judge of one cache, its source and what it has told. All clocks are those of the test. */
abstract class JudgeFixture {

  static final Duration BOUND = Duration.ofSeconds(10);

  /** A value of a class without equals. */
  static final class UnequalValue {}

  final CoherenceWatermark watermark = new CoherenceWatermark(0);

  long nanos;

  boolean coherent = true;

  final EntryStore store =
      new EntryStore(
          () -> Caffeine.newBuilder().recordStats().expireAfterWrite(Duration.ofHours(1)).build(),
          new LogicalClock(),
          new RecentInvalidations(),
          watermark,
          () -> nanos,
          BOUND::toNanos,
          retired -> {},
          reason -> {});

  /** What the source returns. */
  final Map<Object, @Nullable Object> database = new HashMap<>();

  final List<Object> reads = new ArrayList<>();

  /** Runs once, during the next read of the source. */
  Runnable meanwhile = () -> {};

  final List<String> told = new ArrayList<>();

  final List<JudgeListener.Mismatch> mismatches = new ArrayList<>();

  final JudgeCounters counters = new JudgeCounters();

  final SourceOfTruth source =
      new SourceOfTruth() {
        @Override
        public String cache() {
          return "products";
        }

        @Override
        public @Nullable Object read(Object key) throws Exception {
          return JudgeFixture.this.read(key);
        }
      };

  JudgeLoop judge = judge(true);

  JudgeLoop judge(boolean evict) {
    return new JudgeLoop(
        List.of(source),
        cache -> counters,
        cache -> new JudgedCache(store, BOUND, watermark),
        () -> nanos,
        new Random(1),
        () -> coherent,
        evict,
        new JudgeListener() {
          @Override
          public void mismatch(Mismatch mismatch) {
            mismatches.add(mismatch);
          }

          @Override
          public void failed(String cache, Throwable cause) {
            told.add("failed " + cause.getMessage());
          }

          @Override
          public void incomparable(String cache, Class<?> type) {
            told.add("incomparable " + type.getSimpleName());
          }
        });
  }

  /** Reads the database. An exception there is thrown. */
  @Nullable Object read(Object key) throws Exception {
    reads.add(key);
    Runnable now = meanwhile;
    meanwhile = () -> {};
    now.run();
    Object value = database.get(key);
    if (value instanceof Exception failure) {
      throw failure;
    }
    return value == UnequalValue.class ? new UnequalValue() : value;
  }

  /** Lets time pass on a node that is confirmed all the time. */
  void pass(Duration time) {
    nanos += time.toNanos();
    watermark.confirm(nanos);
  }

  void load(Object key, Object value) {
    store.fill(key, value, store.stamp());
  }

  JudgeStatistics statistics() {
    return counters.of("products");
  }
}
