package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a node holds coherent with a channel: it subscribes, applies what arrives, in order
 * and on one thread, finds and heals what was lost, and says as of when the node is coherent.
 * Starting needs no server: the node joins when one answers.
 *
 * <p>{@code start} and {@code stop} may be called by any thread, one at a time, and as often as
 * wanted; each start joins anew.
 */
public final class ReceiverLifecycle {

  private final MessageReader reader;

  private final Replica replica;

  private final CoherenceWatermark watermark;

  private final ReceiverSettings settings;

  private final InvalidationObserver observer;

  private final StatusTracker status;

  private final RandomGenerator random;

  private final LongSupplier nanoTime;

  private @Nullable ReceiverLoop follower;

  /**
   * Creates a coherence that is not started.
   *
   * @param reader reads messages
   * @param replica gets what is to be applied
   * @param watermark is moved on whenever the node knows that it has applied everything
   * @param settings how closely to watch
   * @param observer is told what happened, after the status
   * @param status is told what happened, and what else it follows from
   * @param random spreads retries and clears
   * @param nanoTime the node's monotonic clock
   */
  public ReceiverLifecycle(
      MessageReader reader,
      Replica replica,
      CoherenceWatermark watermark,
      ReceiverSettings settings,
      InvalidationObserver observer,
      StatusTracker status,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.reader = reader;
    this.replica = replica;
    this.watermark = watermark;
    this.settings = settings;
    this.observer = InvalidationObserver.all(List.of(status, observer));
    this.status = status;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * Begins to follow a channel and returns at once. A channel that answers without a wait is asked
   * for its tip before this returns.
   *
   * @param channel what to follow; closed by whoever opened it, after {@link #stop}
   * @param ownOrigin what the messages of this node bear as their origin; those are not applied,
   *     since they were when they were written
   */
  public synchronized void start(Channel channel, String ownOrigin) {
    if (follower != null) {
      throw new IllegalStateException("Coherence is started already");
    }
    EventQueue queue = new EventQueue(settings.maxQueuedBytes());
    ChannelWorker worker = new ChannelWorker(channel, queue);
    Receiver receiver =
        new Receiver(
            reader,
            ownOrigin,
            replica,
            watermark,
            worker,
            settings,
            observer,
            status,
            random,
            nanoTime.getAsLong());
    status.started(channel.name());
    if (channel.log().answersAtOnce()) {
      long now = nanoTime.getAsLong();
      receiver.on(new Event.Checked(new Event.Check(now), channel.log().tip()), now);
    }
    follower = new ReceiverLoop(receiver, queue, worker::close, nanoTime);
    follower.start();
  }

  /** Ends the subscription and the threads. What the node holds is confirmed no further. */
  public synchronized void stop() {
    if (follower != null) {
      follower.stop();
      follower = null;
    }
    status.stopped();
  }
}
