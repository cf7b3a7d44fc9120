package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The outboxes of a node: one for its own channel, and one for each cache channel. Each has a
 * sender of its own, so a channel that does not answer delays the messages of no other one. A
 * writer whose transaction concerns several channels hands over what each outbox has room for, and
 * then waits for room in one full outbox after the other. For any thread.
 */
public final class Outboxes {

  private final Outbox own;

  private final Map<String, Outbox> byChannel = new TreeMap<>();

  private final ForeignPublisher foreign;

  private final InvalidationObserver observer;

  private final InvalidationSink sink;

  private final ChannelNotices notices;

  /**
   * Creates outboxes that are not started.
   *
   * @param own the outbox of the node's own channel
   * @param channels the names of the cache channels by the names of their caches
   * @param ofChannel makes the outbox of a cache channel
   * @param foreign gets each batch that a channel has accepted; started and stopped with the
   *     outboxes, which share it
   * @param observer is notified of the keys that a stop leaves
   * @param compared whether messages have settings of a cache, for other nodes to compare
   */
  public Outboxes(
      Outbox own,
      Map<String, String> channels,
      Function<String, Outbox> ofChannel,
      ForeignPublisher foreign,
      InvalidationObserver observer,
      Predicate<String> compared) {
    this.own = own;
    this.foreign = foreign;
    this.observer = observer;
    Map<String, Outbox> byCache = new HashMap<>();
    channels.forEach(
        (cache, channel) -> byCache.put(cache, byChannel.computeIfAbsent(channel, ofChannel)));
    this.notices = new ChannelNotices(compared, System::nanoTime);
    this.sink = byCache.isEmpty() ? own : new OutboxRouter(own, Map.copyOf(byCache), notices);
  }

  /** Returns what takes the invalidations of all caches. */
  public InvalidationSink sink() {
    return sink;
  }

  private Stream<Outbox> all() {
    return Stream.concat(Stream.of(own), byChannel.values().stream());
  }

  /**
   * Starts the senders.
   *
   * @param channel the node's own channel, with all cache channels
   * @param writers returns a writer of messages under the identity of this start, another one for
   *     each channel
   * @throws IllegalStateException if the outboxes are already started
   */
  public void start(Channel channel, Supplier<BodyWriter> writers) {
    notices.started();
    own.startSender(channel.log(), writers.get());
    Map<String, Channel> others = channel.cacheChannels();
    byChannel.forEach(
        (name, outbox) ->
            outbox.startSender(Objects.requireNonNull(others.get(name)).log(), writers.get()));
    foreign.start(channel.log());
  }

  /**
   * Sends the pending keys and stops. Keys that could not be sent in time stay pending and are
   * reported to the observer. Does nothing if the outboxes are not started.
   *
   * @param timeout how long to try, for all of them together; the last attempts may end later
   */
  public void stop(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    OutboxStop stop = OutboxStop.of(all());
    if (stop.concernsAny()) {
      stop.await(deadline).tell(observer);
      foreign.stop(OutboxStop.until(deadline));
    }
  }

  /**
   * Marks the outboxes as closed. While they are stopped, the observer is notified of every added
   * key.
   *
   * @return whether keys were added since the last stop, or before the first start
   */
  public boolean close() {
    return all().map(Outbox::close).reduce(false, Boolean::logicalOr);
  }

  /** Returns how many keys are pending or under way, without waiting for a channel. */
  public int pendingKeys() {
    return all().mapToInt(Outbox::pendingKeys).sum();
  }

  /** Returns whether no key and no whole cache is pending or under way; false while stopped. */
  public boolean isDrained() {
    return all().allMatch(Outbox::isDrained);
  }

  /**
   * Returns the age of the oldest key that a sender publishes, or keeps after a refusal. Zero if
   * there is none, and while the outboxes are stopped. Keys that a writer publishes by itself are
   * not counted. If that fails, the sender gets them.
   */
  public Duration longestWait() {
    return all().map(OutboxAge::of).max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
