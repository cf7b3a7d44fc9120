package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DoneSignalTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void wait_endsWithAValueOrAFailure_andTellsWhetherItDid() throws InterruptedException {
    CompletableFuture<Void> failed = CompletableFuture.failedFuture(new IllegalStateException());

    assertThat(DoneSignal.await(CompletableFuture.completedFuture(1), LONG)).isTrue();
    assertThat(DoneSignal.await(failed, LONG)).isTrue();
    assertThat(DoneSignal.await(new CompletableFuture<>(), Duration.ofMillis(1))).isFalse();
  }
}
