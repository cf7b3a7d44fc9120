package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A subscriber that remembers everything it was told, and lets a test wait for it. */
public final class RecordingSubscriber implements Subscriber {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);

  /**
   * A message as it arrived.
   *
   * @param delivery the message
   * @param thread the thread that delivered it
   */
  public record Heard(Delivery delivery, String thread) {

    /** Returns its position, which it must have. */
    public Position position() {
      Position position = delivery.position();
      if (position == null) {
        throw new AssertionError("No position: " + body());
      }
      return position;
    }

    /** Returns the predecessor that the message names, as text; empty if it names none. */
    public String predecessor() {
      Position predecessor = delivery.predecessor();
      return predecessor == null ? "" : predecessor.toString();
    }

    /** Returns the message without position and predecessor. */
    public String body() {
      return new String(delivery.body(), StandardCharsets.UTF_8);
    }

    /** Returns whether it came over an open channel. */
    public boolean open() {
      return delivery.open();
    }
  }

  private final List<Heard> deliveries = new CopyOnWriteArrayList<>();
  private final List<Throwable> losses = new CopyOnWriteArrayList<>();
  private final AtomicInteger subscribed = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger overlaps = new AtomicInteger();

  @Override
  public void subscribed() {
    alone(subscribed::incrementAndGet);
  }

  @Override
  public void received(Delivery delivery) {
    alone(() -> deliveries.add(new Heard(delivery, Thread.currentThread().getName())));
  }

  @Override
  public void lost(Throwable cause) {
    alone(() -> losses.add(cause));
  }

  private void alone(Runnable record) {
    if (running.incrementAndGet() > 1) {
      overlaps.incrementAndGet();
    }
    record.run();
    running.decrementAndGet();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL);
  }

  /** Returns the messages that arrived. */
  public List<Heard> deliveries() {
    return deliveries;
  }

  /** Returns why the subscription was lost, once for each time it was told so. */
  public List<Throwable> losses() {
    return losses;
  }

  /** Returns how often it was told that it is subscribed. */
  public int timesSubscribed() {
    return subscribed.get();
  }

  /** Returns how many calls came while another was under way. */
  public int overlaps() {
    return overlaps.get();
  }

  /** Waits until it is subscribed. */
  public RecordingSubscriber awaitSubscribed() {
    patiently().until(() -> subscribed.get() > 0);
    return this;
  }

  /** Waits until a number of messages has arrived, and returns all that have. */
  public List<Heard> await(int count) {
    patiently().until(deliveries::size, size -> size >= count);
    return deliveries;
  }

  /** Waits until the subscription is lost, and returns why. */
  public Throwable awaitLost() {
    patiently().until(() -> !losses.isEmpty());
    return losses.get(0);
  }
}
