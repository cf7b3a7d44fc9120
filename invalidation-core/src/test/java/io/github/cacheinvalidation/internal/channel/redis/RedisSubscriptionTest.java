package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A subscription over a driver that the test controls. */
@Tag("G3")
class RedisSubscriptionTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final AtomicLong clock = new AtomicLong();
  private final Topic topic = Topic.channel("own");
  private final HeardTopics heard = new HeardTopics(List.of(topic));
  private final RecordingSubscriber subscriber = new RecordingSubscriber();
  private final ScriptedDriver driver = new ScriptedDriver();
  private final AtomicInteger connections = new AtomicInteger();

  private RedisSubscription subscribe(Duration timeout) {
    return RedisSubscription.start(
        new FeedSubscription.Context(driver, topic, connections::incrementAndGet),
        heard,
        subscriber,
        timeout,
        new IdleConnectionCheck(TIMEOUT, clock::get));
  }

  @Test
  void aTopicThatIsConfirmedAgain_isSubscribedOnce() throws Exception {
    subscribe(LONG);
    TopicListener listener = driver.listeners.take();
    assertThat(subscriber.timesSubscribed()).isZero();

    listener.onSubscribed();
    listener.onSubscribed();

    assertThat(subscriber.timesSubscribed()).isEqualTo(1);
  }

  @Test
  void noConfirmationInTime_isLostAndCloses() throws Exception {
    subscribe(SHORT);
    TopicListener listener = driver.listeners.take();

    assertThat(subscriber.awaitLost()).hasMessageContaining("did not confirm within PT0.02S");

    await().until(() -> driver.closed.get() == 1);
    listener.onSubscribed();
    listener.onMessage(bytes("own"), bytes("late"));
    assertThat(subscriber.timesSubscribed()).isZero();
    assertThat(subscriber.deliveries()).isEmpty();
  }

  @Test
  void aLossThatIsToldTwice_isPassedOnOnce() throws Exception {
    subscribe(LONG);
    driver.listeners.take();
    Consumer<Throwable> lost = driver.losses.take();

    lost.accept(new IllegalStateException("first"));
    lost.accept(new IllegalStateException("second"));

    assertThat(subscriber.losses()).singleElement().asString().contains("first");
  }

  @Test
  void closedWhileConnecting_isOverOnceTheConnectionIsThere() {
    driver.mayConnect = new CountDownLatch(1);
    RedisSubscription subscription = subscribe(LONG);

    subscription.close();
    subscription.awaitEnd(SHORT);
    assertThat(subscription.isOver()).isFalse();

    driver.mayConnect.countDown();
    subscription.awaitEnd(LONG);
    assertThat(subscription.isOver()).isTrue();
  }

  @Test
  void closedWhileConnecting_closesTheConnectionOnceItIsThere() throws Exception {
    driver.mayConnect = new CountDownLatch(1);
    RedisSubscription subscription = subscribe(LONG);
    TopicListener listener = driver.listeners.take();

    subscription.close();
    listener.onSubscribed();
    driver.mayConnect.countDown();

    await().until(() -> driver.closed.get() == 1);
    assertThat(subscriber.timesSubscribed()).isZero();
    assertThat(subscriber.losses()).isEmpty();
  }

  @Test
  void aConnection_isCountedBeforeItsSubscriptionIsTold() throws Exception {
    driver.mayConnect = new CountDownLatch(1);
    subscribe(LONG);
    TopicListener listener = driver.listeners.take();

    listener.onSubscribed();

    assertThat(subscriber.timesSubscribed()).isEqualTo(1);
    assertThat(connections).hasValue(1);
    driver.mayConnect.countDown();
  }

  @Test
  void aClientThatCannotBeAsked_countsAsAlive() throws Exception {
    RedisSubscription subscription = subscribe(LONG);
    TopicListener listener = driver.listeners.take();
    listener.onSubscribed();
    await().until(() -> driver.attached);

    for (int check = 0; check < 10; check++) {
      clock.addAndGet(IdleConnectionCheck.LONGEST_SILENCE.toNanos());
      subscription.keepAlive();
    }

    assertThat(subscriber.losses()).isEmpty();
  }

  @Test
  void anErrorWhileConnecting_isALoss() {
    driver.error = new NoClassDefFoundError("Injected");

    subscribe(LONG);

    assertThat(subscriber.awaitLost()).hasMessageContaining("Injected");
  }

  @Test
  void aConnectionThatDoesNotClose_isLetGo() throws Exception {
    RedisSubscription subscription = subscribe(LONG);
    driver.listeners.take();
    driver.refusesToClose = true;
    await().until(() -> driver.attached);

    subscription.close();

    subscription.awaitEnd(LONG);
    assertThat(subscription.isOver()).isTrue();
    assertThat(driver.closed).hasPositiveValue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class ScriptedDriver implements Driver {

    private final BlockingQueue<TopicListener> listeners = new LinkedBlockingQueue<>();
    private final BlockingQueue<Consumer<Throwable>> losses = new LinkedBlockingQueue<>();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile CountDownLatch mayConnect = new CountDownLatch(0);
    private volatile @Nullable Error error;
    private volatile boolean refusesToClose;
    private volatile boolean attached;

    @Override
    public Connection connect() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost) {
      Error broken = error;
      if (broken != null) {
        throw broken;
      }
      losses.add(lost);
      listeners.add(listener);
      try {
        mayConnect.await();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
      attached = true;
      return () -> {
        closed.incrementAndGet();
        if (refusesToClose) {
          throw new RejectedExecutionException("Injected: event executor terminated");
        }
      };
    }

    @Override
    public @Nullable String answerIn(Throwable failure) {
      return null;
    }

    @Override
    public void close() {}
  }
}
