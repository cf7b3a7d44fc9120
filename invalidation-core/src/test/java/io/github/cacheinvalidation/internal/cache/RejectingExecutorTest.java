package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clears whose executor rejects the task of emptying the replaced instance. */
@Tag("G3")
@Tag("G4")
@Tag("G5")
@Tag("G8.12")
class RejectingExecutorTest {

  private final TestCaches caches =
      TestCaches.of(
          Caffeine.newBuilder().removalListener((key, value, cause) -> {}),
          (clock, outbox) -> Transactions.none());

  private int rejected;

  @BeforeEach
  void fill() {
    caches.cache("a").put(1L, 10);
    caches.cache("b").put(1L, 10);
    caches.published();
    caches.executor(
        task -> {
          rejected++;
          throw new RejectedExecutionException("injected");
        });
  }

  @Test
  void aClear_isStillPublished() {
    caches.cache("a").clear();

    assertThat(rejected).isOne();
    assertThat(caches.published()).containsExactly("{\"a\":\"*\"}");
  }

  @Test
  void resync_clearsEveryCache() {
    caches.manager().localCaches().clearAll(ClearReason.LOST_MESSAGES);

    assertThat(caches.cache("a").get(1L)).isNull();
    assertThat(caches.cache("b").get(1L)).isNull();
  }

  @Test
  void aMessage_isAppliedToTheEnd() {
    caches.receive(List.of(new Invalidation.Whole<>("a"), new Invalidation.Whole<>("b")));

    assertThat(caches.cache("b").get(1L)).isNull();
  }

  @Test
  void aLookupBeyondTheBound_isAMissAndNoFailure() {
    caches.ticker().advance(Duration.ofSeconds(11));

    assertThat(caches.cache("a").get(1L)).isNull();
  }

  @Test
  void housekeeping_goesOn() {
    caches.ticker().advance(Duration.ofSeconds(11));

    caches.manager().expireBeyondLimits();

    assertThat(caches.observer().newCacheEvents())
        .containsExactlyInAnyOrder("cleared a STALENESS_BOUND", "cleared b STALENESS_BOUND");
  }
}
