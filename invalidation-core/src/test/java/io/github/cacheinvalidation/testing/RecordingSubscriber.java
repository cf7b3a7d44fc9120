package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.channel.Subscriber;
import io.github.cacheinvalidation.wire.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A subscriber that remembers everything it was told, and lets a test wait for it. */
public final class RecordingSubscriber implements Subscriber {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Pattern FRAME =
      Pattern.compile(
          "\\{\"pos\":\"([^\"]*)\",\"prev\":\"([^\"]*)\"(?:,(.*))?(?:})", Pattern.DOTALL);

  /**
   * A message as it arrived.
   *
   * @param payload its bytes
   * @param open whether it came over an open channel
   * @param thread who delivered it
   */
  public record Delivery(byte[] payload, boolean open, String thread) {

    /** Returns the payload as text. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Returns the position that the message says it has. */
    public Position position() {
      return Position.parse(frame().group(1));
    }

    /** Returns the predecessor that the message names, as text; empty if it names none. */
    public String predecessor() {
      return frame().group(2);
    }

    /** Returns the message without position and predecessor. */
    public String body() {
      String rest = frame().group(3);
      return "{" + (rest == null ? "" : rest) + "}";
    }

    private Matcher frame() {
      Matcher matcher = FRAME.matcher(text());
      if (!matcher.matches()) {
        throw new AssertionError("Not framed: " + text());
      }
      return matcher;
    }
  }

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<Throwable> losses = new CopyOnWriteArrayList<>();
  private final AtomicInteger subscribed = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger overlaps = new AtomicInteger();

  @Override
  public void subscribed() {
    alone(subscribed::incrementAndGet);
  }

  @Override
  public void received(byte[] payload, boolean open) {
    alone(() -> deliveries.add(new Delivery(payload, open, Thread.currentThread().getName())));
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

  /** Returns what has arrived. */
  public List<Delivery> deliveries() {
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
  public List<Delivery> await(int count) {
    patiently().until(deliveries::size, size -> size >= count);
    return deliveries;
  }

  /** Waits until the subscription is lost, and returns why. */
  public Throwable awaitLost() {
    patiently().until(() -> !losses.isEmpty());
    return losses.get(0);
  }
}
