package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys whose methods throw do not end the judge. All clocks are those of the test. */
class JudgeLoopKeysTest {

  private static final Duration BOUND = Duration.ofSeconds(10);

  /** A key whose hash code cannot be computed any more, such as a lazy proxy. */
  private static final class BrittleKey {

    private boolean broken;

    @Override
    public int hashCode() {
      if (broken) {
        throw new IllegalStateException("no session");
      }
      return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BrittleKey;
    }
  }

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private long nanos;

  private final EntryStore store =
      new EntryStore(
          () -> Caffeine.newBuilder().build(),
          new LogicalClock(),
          new RecentInvalidations(),
          watermark,
          () -> nanos,
          BOUND::toNanos,
          retired -> {},
          reason -> {});

  private final SourceOfTruth source =
      new SourceOfTruth() {
        @Override
        public String cache() {
          return "products";
        }

        @Override
        public Object read(Object key) {
          return "value";
        }
      };

  private final List<String> failures = new ArrayList<>();

  private final List<JudgeListener.Mismatch> mismatches = new ArrayList<>();

  private final JudgeCounters counters = new JudgeCounters();

  private final JudgeLoop judge =
      new JudgeLoop(
          List.of(source),
          cache -> counters,
          cache -> new JudgedCache(store, BOUND, watermark),
          () -> nanos,
          new Random(1),
          () -> true,
          true,
          new JudgeListener() {
            @Override
            public void mismatch(Mismatch mismatch) {
              mismatches.add(mismatch);
            }

            @Override
            public void failed(String cache, Throwable cause) {
              failures.add(String.valueOf(cause.getMessage()));
            }
          });

  private final BrittleKey brittle = new BrittleKey();

  private void load(Object key, Object value) {
    store.fill(key, value, store.stamp());
  }

  @Test
  void keyThatThrows_isCounted_andTheOtherKeysAreCompared() {
    load(brittle, "value");
    load(7L, "value");
    brittle.broken = true;

    judge.step();
    judge.step();

    assertThat(counters.of("products")).isEqualTo(new JudgeStatistics("products", 1, 0, 1));
    assertThat(failures).containsExactly("no session");
  }

  @Test
  void suspectedKeyThatThrows_isCounted_andIsNoMismatch() {
    load(brittle, "old");

    judge.step();
    brittle.broken = true;
    nanos += BOUND.toNanos();
    watermark.confirm(nanos);
    judge.step();

    assertThat(counters.of("products")).isEqualTo(new JudgeStatistics("products", 0, 0, 1));
    assertThat(failures).containsExactly("no session");
    assertThat(mismatches).isEmpty();
  }
}
