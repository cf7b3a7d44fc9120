package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of a running node. */
class CacheJudgeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration BOUND = Duration.ofMillis(400);

  private static final JudgeSettings FAST = new JudgeSettings(1000, true);

  private final List<JudgeListener.Mismatch> mismatches = new CopyOnWriteArrayList<>();

  private final JudgeListener listener =
      new JudgeListener() {
        @Override
        public void mismatch(Mismatch mismatch) {
          mismatches.add(mismatch);
        }
      };

  private final DefaultInvalidationNode node =
      DefaultInvalidationNode.builder()
          .channel(() -> new LocalHub().open("channel"))
          .caches(cache -> CacheSettings.ofSpec("", BOUND, cache.equals("local")))
          .receiver(
              new ReceiverSettings(Duration.ofMillis(20), BOUND, Duration.ofMillis(500), 1 << 20))
          .build();

  @AfterEach
  void close() {
    node.close();
  }

  /** Returns a source in which each key is its own value. */
  private static SourceOfTruth source(String cache) {
    return new SourceOfTruth() {
      @Override
      public String cache() {
        return cache;
      }

      @Override
      public Object read(Object key) {
        return key;
      }
    };
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("cache-invalidation-judge"))
        .count();
  }

  private static void awaitNoThread() {
    await().atMost(PATIENCE).until(() -> threads() == 0);
  }

  /** Puts a value behind the back of the node. */
  @SuppressWarnings("unchecked") // the native cache of every cache of the library
  private void plant(String cache, Object key, Object value) {
    ((Cache<Object, Object>)
            Objects.requireNonNull(node.cacheManager().getCache(cache)).getNativeCache())
        .put(key, value);
  }

  private JudgeStatistics statistics() {
    return node.judge().statistics().get(0);
  }

  @Test
  void plantedStaleValue_isFoundAndEvicted() {
    node.judge().watch(List.of(source("products")), FAST, listener);
    node.start();
    plant("products", 7L, "old");
    plant("products", 8L, 8L);

    await().atMost(PATIENCE).until(() -> !mismatches.isEmpty());

    assertThat(mismatches).extracting(JudgeListener.Mismatch::key).containsExactly(7L);
    assertThat(node.cacheManager().inspector().held("products", List.of(7L, 8L)))
        .containsExactly(8L);
    assertThat(mismatches.get(0).differed()).isGreaterThanOrEqualTo(BOUND);
    assertThat(statistics().mismatches()).isEqualTo(1);
  }

  @Test
  void cacheThatIsMadeLater_isComparedThen() {
    node.judge().watch(List.of(source("products")), FAST, listener);
    node.start();

    plant("products", 7L, 7L);

    await().atMost(PATIENCE).until(() -> statistics().checked() > 0);
    assertThat(mismatches).isEmpty();
  }

  @Test
  void cacheThatIsLocalOnly_isNotCompared() {
    node.judge().watch(List.of(source("local"), source("products")), FAST, listener);
    node.start();
    plant("local", 7L, "old");
    plant("products", 8L, 8L);

    await().atMost(PATIENCE).until(() -> node.judge().statistics().get(1).checked() > 2);

    assertThat(statistics()).isEqualTo(new JudgeStatistics("local", 0, 0, 0));
  }

  @Test
  void thread_runsFromTheStartToTheStopOfTheNode_withSourcesOnly() {
    awaitNoThread();
    node.start();
    assertThat(threads()).as("without a source").isZero();

    node.judge().watch(List.of(source("products")), FAST, listener);
    await().atMost(PATIENCE).until(() -> threads() == 1);
    node.stop();
    awaitNoThread();
    node.start();
    await().atMost(PATIENCE).until(() -> threads() == 1);
    node.judge().release();

    awaitNoThread();
  }

  @Test
  void rateOfZero_hasNoThread() {
    awaitNoThread();

    node.judge().watch(List.of(source("products")), new JudgeSettings(0, true), listener);
    node.start();

    assertThat(threads()).isZero();
  }

  @Test
  void sourceThatStopsTheNode_endsTheThread() {
    CountDownLatch stopped = new CountDownLatch(1);
    SourceOfTruth stopping =
        new SourceOfTruth() {
          @Override
          public String cache() {
            return "products";
          }

          @Override
          public Object read(Object key) {
            node.stop();
            stopped.countDown();
            return key;
          }
        };
    node.judge().watch(List.of(stopping), FAST, listener);
    node.start();
    plant("products", 7L, 7L);

    await().atMost(PATIENCE).until(() -> stopped.getCount() == 0);
    awaitNoThread();
    assertThat(node.isRunning()).isFalse();
  }

  @Test
  void sourceThatDoesNotEnd_isInterruptedByTheStop_andThatIsNoFailure() {
    CountDownLatch reading = new CountDownLatch(1);
    SourceOfTruth hanging =
        new SourceOfTruth() {
          @Override
          public String cache() {
            return "products";
          }

          @Override
          public Object read(Object key) throws InterruptedException {
            reading.countDown();
            new CountDownLatch(1).await();
            return key;
          }
        };
    node.judge().watch(List.of(hanging), FAST, listener);
    node.start();
    plant("products", 7L, 7L);
    await().atMost(PATIENCE).until(() -> reading.getCount() == 0);

    node.stop();

    awaitNoThread();
    assertThat(statistics().failures()).isZero();
  }

  @Test
  void secondSourceOfACache_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                node.judge().watch(List.of(source("products"), source("products")), FAST, listener))
        .withMessageContaining("both are products");
  }

  @Test
  void secondCall_isRefused() {
    node.judge().watch(List.of(source("products")), FAST, listener);

    assertThatIllegalStateException()
        .isThrownBy(() -> node.judge().watch(List.of(source("lists")), FAST, listener));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1000.5, Double.NaN})
  void rateOutOfBounds_isRefused(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JudgeSettings(rate, true))
        .withMessageContaining("from 0 to 1000");
  }
}
