package io.github.cacheinvalidation.internal.channel.redis.connection;

import static io.github.cacheinvalidation.internal.channel.redis.connection.ConnectingDriver.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which idle connections are replaced. */
@Tag("G3")
@Tag("G5")
class IdleConnectionCheckTest {

  private final ConnectingDriver driver = new ConnectingDriver();
  private final AtomicLong clock = new AtomicLong();
  private final ManagedConnection line =
      new ManagedConnection(
          driver, "own", Duration.ofSeconds(1), Duration.ofMinutes(1), () -> {}, clock::get);

  private Connection use() {
    return line.call("use", connection -> connection);
  }

  @Test
  void anIdleConnectionWithoutASignOfLife_isReplacedByTheNextCall() {
    Connection first = use();
    line.keepAlive();
    clock.addAndGet(IdleConnectionCheck.LONGEST_SILENCE.toNanos());
    driver.sign = CompletableFuture.failedFuture(new IllegalStateException("Injected: timed out"));

    line.keepAlive();

    assertThat(driver.asked).isEqualTo(1);
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void anIdleConnectionThatAnswersWithAnError_isAlive() {
    Connection first = use();
    line.keepAlive();
    clock.addAndGet(IdleConnectionCheck.LONGEST_SILENCE.toNanos());
    driver.sign =
        CompletableFuture.failedFuture(
            new IllegalStateException(ANSWER + "MISCONF Redis is configured to save snapshots"));

    line.keepAlive();

    assertThat(driver.asked).isEqualTo(1);
    assertThat(use()).isSameAs(first);
  }

  @Test
  void anIdleConnectionOfAClientThatCanOnlyWait_isAliveIfItAnswersWithAnError() {
    Connection first = use();
    line.keepAlive();
    clock.addAndGet(IdleConnectionCheck.LONGEST_SILENCE.toNanos());
    willThrow(new IllegalStateException(ANSWER + "NOPERM no permissions to run 'ping'"))
        .given(first)
        .ping();

    line.keepAlive();

    verify(first).ping();
    verify(first, never()).close();
    assertThat(use()).isSameAs(first);
  }

  @Test
  void anIdleConnectionOfAClientThatCanOnlyWait_isReplacedToo() {
    Connection first = use();
    line.keepAlive();
    clock.addAndGet(IdleConnectionCheck.LONGEST_SILENCE.toNanos());
    willThrow(new IllegalStateException("Injected: timed out")).given(first).ping();

    line.keepAlive();

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }
}
