package io.github.cacheinvalidation.internal.channel.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each created client is closed once, in any order of creation, use and close. */
@Tag("G9")
class LazyClientTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final CountDownLatch making = new CountDownLatch(1);
  private final CountDownLatch mayBeMade = new CountDownLatch(1);
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> closed = new CopyOnWriteArrayList<>();

  private LazyClient<String> client(Duration patience, Duration timeout) {
    return new LazyClient<>(this::make, closed::add, patience, timeout);
  }

  private String make() {
    making.countDown();
    try {
      mayBeMade.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return "client " + made.incrementAndGet();
  }

  /** A thread that needs the client, and its failure. */
  private static final class Needing {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    Needing(LazyClient<String> client) {
      thread = new Thread(() -> failure.set(catchThrowable(client::get)), "needs a client");
      thread.start();
    }

    @Nullable Throwable failure() throws InterruptedException {
      thread.join();
      return failure.get();
    }
  }

  @Test
  void client_isMadeOnceAndClosedOnce() {
    mayBeMade.countDown();
    LazyClient<String> client = client(HOUR, HOUR);
    assertThat(client.ifMade()).isNull();

    assertThat(client.get()).isEqualTo("client 1").isSameAs(client.get()).isSameAs(client.ifMade());
    client.close();
    client.close();

    assertThat(closed).containsExactly("client 1");
    assertThatThrownBy(client::get).hasMessage("The channel is closed");
    assertThat(made).hasValue(1);
  }

  @Tag("G8.10")
  @Test
  void closeWhileTheClientIsMade_doesNotWaitForIt_andTheMakerClosesIt() throws Exception {
    LazyClient<String> client = client(HOUR, MOMENT);
    Needing maker = new Needing(client);
    making.await();

    client.close();
    assertThat(closed).as("closed before it was made").isEmpty();
    mayBeMade.countDown();

    assertThat(maker.failure()).hasMessage("The channel is closed");
    assertThat(closed).containsExactly("client 1");
  }

  @Test
  void threadThatWaitsForTheClientWhileItIsClosed_makesNoOther() throws Exception {
    LazyClient<String> client = client(HOUR, MOMENT);
    Needing maker = new Needing(client);
    making.await();
    Needing other = new Needing(client);
    await().until(() -> other.thread.getState() == Thread.State.TIMED_WAITING);

    client.close();
    mayBeMade.countDown();

    assertThat(maker.failure()).hasMessage("The channel is closed");
    assertThat(other.failure()).hasMessage("The channel is closed");
    assertThat(closed).containsExactly("client 1");
    assertThat(made).hasValue(1);
  }

  @Test
  void threadThatIsInterruptedWhileItWaits_ends() throws Exception {
    LazyClient<String> client = client(HOUR, MOMENT);
    Needing maker = new Needing(client);
    making.await();
    Needing other = new Needing(client);
    await().until(() -> other.thread.getState() == Thread.State.TIMED_WAITING);

    other.thread.interrupt();

    assertThat(other.failure()).hasMessage("The client is still being made");
    mayBeMade.countDown();
    assertThat(maker.failure()).isNull();
  }

  @Test
  void threadThatIsInterrupted_closesTheClientToo() {
    mayBeMade.countDown();
    LazyClient<String> client = client(HOUR, HOUR);
    client.get();

    Thread.currentThread().interrupt();
    client.close();

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(closed).containsExactly("client 1");
  }

  @Test
  void makingThatFails_isTriedAgain() {
    AtomicInteger attempts = new AtomicInteger();
    LazyClient<String> client =
        new LazyClient<>(
            () -> {
              if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("Injected: all Sentinels down");
              }
              return "client";
            },
            closed::add,
            MOMENT,
            MOMENT);

    assertThatThrownBy(client::get).hasMessageStartingWith("Injected");

    assertThat(client.get()).isEqualTo("client");
  }
}
