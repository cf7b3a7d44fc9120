package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers that evict keys faster than a healthy Redis takes them. */
@Tag("G5")
class FastWritersTest {

  /** Ten times as many as may be pending. */
  private static final int EVICTIONS = 1_000_000;

  private static final int CACHED = 20;

  private static final long FIRST_EVICTED = 1_000;

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  private final ShopNode writer = join("writer");

  private final ShopNode reader = join("reader");

  private ShopNode join(String name) {
    return shop.node(name, redis.lettuce(), ShopNode.bounds(ShopNode.BOUND, Duration.ofHours(1)))
        .join();
  }

  @Tag("G5.3")
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void millionEvictionsInATightLoop_clearNothing(int threads) throws Exception {
    shop.fill(CACHED);
    shop.readAll(reader);
    ExecutorService writers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> writing = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        long first = FIRST_EVICTED + thread;
        writing.add(
            writers.submit(
                () -> {
                  for (long key = first; key < FIRST_EVICTED + EVICTIONS; key += threads) {
                    writer.cache().evict(key);
                  }
                }));
      }
      for (Future<?> each : writing) {
        each.get(2, TimeUnit.MINUTES);
      }
    } finally {
      writers.shutdownNow();
    }
    assertThatAllWerePublishedAndNothingWasCleared();
  }

  @Tag("G5.3")
  @Test
  void millionKeysInOneCall_clearNothing() {
    shop.fill(CACHED);
    shop.readAll(reader);
    List<Long> keys =
        LongStream.range(FIRST_EVICTED, FIRST_EVICTED + EVICTIONS)
            .boxed()
            .collect(Collectors.toList());

    writer.node().invalidator().evictAll(ShopNode.CACHE, keys);

    assertThatAllWerePublishedAndNothingWasCleared();
  }

  private void assertThatAllWerePublishedAndNothingWasCleared() {
    Shop.awaitPublished(writer);
    assertThat(writer.observer.overflows).hasValue(0);
    await().atMost(PATIENCE).until(() -> writer.observer.publishedKeys.get() >= EVICTIONS);
    assertThat(writer.observer.publishedKeys).hasValue(EVICTIONS);
    shop.database.replaceAll((key, value) -> 1);
    writer.write(0, 2);
    await().atMost(PATIENCE).until(() -> Integer.valueOf(2).equals(reader.read(0)));
    assertThat(reader.observer.clears()).isSubsetOf(ClearReason.JOINED);
    assertThat(reader.read(1)).as("what was cached before is cached still").isZero();
  }
}
