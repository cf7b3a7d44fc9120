package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.receiver.Watermarks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loads that take longer than the bound of their cache, as a paused process makes them. */
@Tag("G4")
class StaleInFlightLoadTest {

  private static final Duration BEYOND = Duration.ofSeconds(11);

  private final TestCaches caches = TestCaches.create();

  private final CompletableFuture<String> slow = new CompletableFuture<>();

  private final CompletableFuture<String> leader =
      caches.coherent("prices").retrieve(1L, () -> slow);

  private CompletableFuture<String> another() {
    return caches
        .coherent("prices")
        .retrieve(1L, () -> CompletableFuture.completedFuture("loaded now"));
  }

  @Tag("G4.13")
  @Test
  void aLoadThatBeganBeforeTheBound_isNotWaitedForBeyondIt() {
    caches.ticker().advance(BEYOND);

    assertThat(another()).isCompletedWithValue("loaded now");

    slow.complete("loaded long ago");
    assertThat(leader).isCompletedWithValue("loaded long ago");
    assertThat(caches.cache("prices").get(1L, String.class)).isEqualTo("loaded now");
  }

  @Test
  void aLoadThatBeganBeforeTheBound_isWaitedForWhereTheNodeIsConfirmed() {
    caches.ticker().advance(BEYOND);
    Watermarks.confirm(caches.watermark(), caches.ticker().read());

    CompletableFuture<String> follower = another();
    assertThat(follower).isNotDone();

    slow.complete("loaded since");
    assertThat(follower).isCompletedWithValue("loaded since");
  }
}
