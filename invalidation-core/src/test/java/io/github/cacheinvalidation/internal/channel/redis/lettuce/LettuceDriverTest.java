package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import static java.lang.Thread.State.TIMED_WAITING;
import static java.lang.Thread.State.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The client of a driver is made when it is needed, and ends with the driver. */
class LettuceDriverTest {

  private static final RedisChannelSettings SETTINGS =
      new RedisChannelSettings("channel", "node", 100, 100_000, List.of(), Duration.ofMillis(500));

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Those that other tests have left, or that all clients share. */
  private final Set<Thread> threadsBefore = threads();

  private final AtomicInteger read = new AtomicInteger();

  private volatile Runnable whenRead = () -> {};

  private LettuceDriver driver(int port) {
    return new LettuceDriver(
        target(
            () -> {
              read.incrementAndGet();
              whenRead.run();
              return local(port);
            }),
        SETTINGS);
  }

  private static LettuceTarget target(Supplier<LettuceSettings> settings) {
    return new LettuceTarget("", false, settings);
  }

  private static LettuceSettings local(int port) {
    return new LettuceSettings(
        List.of(RedisURI.create("localhost", port)), false, ClientOptions.create(), null);
  }

  @Test
  void client_isMadeAtTheFirstConnectionAndServesAll() throws Exception {
    try (TestRedis redis = TestRedis.started();
        LettuceDriver driver = driver(redis.port())) {
      assertThat(driver.tryExecute(() -> {})).as("there is an event loop").isFalse();
      assertThat(read).as("configurations read").hasValue(0);

      Connection one = driver.connect();
      Connection other = driver.connect();

      assertThat(read).as("configurations read").hasValue(1);
      assertThat(driver.tryExecute(() -> {})).as("there is an event loop").isTrue();
      one.close();
      other.close();
    }
  }

  @Test
  void clientThatCannotBeMade_leavesNoThreads() {
    LettuceDriver driver =
        new LettuceDriver(
            target(
                () -> {
                  RedisURI server = mock();
                  willThrow(new IllegalStateException("Injected: no name"))
                      .given(server)
                      .setClientName(any());
                  return new LettuceSettings(List.of(server), false, ClientOptions.create(), null);
                }),
            SETTINGS);

    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(driver::connect).hasStackTraceContaining("Injected: no name");
    }

    awaitNoNewThreads();
    driver.close();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("lettuce"))
        .collect(Collectors.toSet());
  }

  private void awaitNoNewThreads() {
    await().atMost(PATIENCE).until(() -> threadsBefore.containsAll(threads()));
  }

  @Test
  void driverThatIsClosedWhileItsClientIsMade_doesNotWaitForItForLong() throws Exception {
    LettuceDriver driver = driver(1);
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    whenRead =
        () -> {
          making.countDown();
          awaitUninterruptibly(goOn);
        };
    Thread slow =
        new Thread(() -> failure.set(catchThrowable(driver::connect)), "slow to make a client");
    slow.start();
    making.await();

    assertThatThrownBy(driver::connect).hasMessage("The client is still being made");
    driver.close();
    goOn.countDown();
    slow.join();

    assertThat(failure.get()).hasMessage("The channel is closed");
    awaitNoNewThreads();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  @Test
  void driverThatIsClosedWhileItsSubscriptionCloses_closesTheConnectionOnce() throws Exception {
    RedisChannelSettings patient =
        new RedisChannelSettings("channel", "node", 100, 100_000, List.of(), PATIENCE);
    Logger lettuce = (Logger) LoggerFactory.getLogger("io.lettuce.core");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    lettuce.addAppender(logged);
    try (TestRedis redis = TestRedis.started()) {
      LettuceDriver driver = new LettuceDriver(target(() -> local(redis.port())), patient);
      Driver.Attachment attachment =
          driver.attach(Topic.channel("channel"), mock(TopicListener.class), lost -> {});
      CountDownLatch busy = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      assertThat(
              driver.tryExecute(
                  () -> {
                    busy.countDown();
                    awaitUninterruptibly(goOn);
                  }))
          .as("the event loop, which closes connections, is busy")
          .isTrue();
      busy.await();

      attachment.close();
      Thread closer = new Thread(driver::close, "closes the driver");
      closer.start();
      await()
          .atMost(PATIENCE)
          .until(() -> Set.of(WAITING, TIMED_WAITING).contains(closer.getState()));
      goOn.countDown();
      closer.join();

      assertThat(logged.list)
          .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .isEmpty();
    } finally {
      lettuce.detachAppender(logged);
    }
  }

  @Test
  void closedDriver_makesNoClientAnyMore() {
    LettuceDriver driver = driver(1);
    driver.close();

    assertThatThrownBy(driver::connect).hasMessage("The channel is closed");
    assertThat(read).as("configurations read").hasValue(0);
  }
}
