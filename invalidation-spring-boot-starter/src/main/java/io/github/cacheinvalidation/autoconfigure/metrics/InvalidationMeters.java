package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Counts events of a node from its creation on, and exposes them in every registry that it is bound
 * to. All meters exist from the start, at zero. A lookup of a cache changes none of them.
 */
final class InvalidationMeters
    implements InvalidationObserver, MessageEventListener, MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final CommonTags common;

  private final CacheMeters caches;

  private final LongAdder publishedMessages = new LongAdder();

  private final LongAdder publishedKeys = new LongAdder();

  private final LongAdder publishedCaches = new LongAdder();

  private final LongAdder publishFailures = new LongAdder();

  private final LongAdder overflows = new LongAdder();

  private final LongAdder foreignRetries = new LongAdder();

  private final LongAdder foreignLosses = new LongAdder();

  private final LongAdder unencodableKeys = new LongAdder();

  private final LongAdder receivedMessages = new LongAdder();

  private final LongAdder appliedOfNodes = new LongAdder();

  private final LongAdder appliedOfOthers = new LongAdder();

  private final LongAdder unknownCaches = new LongAdder();

  private final LongAdder replays = new LongAdder();

  private final LongAdder replayedMessages = new LongAdder();

  private final LongAdder checkFailures = new LongAdder();

  private final LongAdder reconnects = new LongAdder();

  private final Map<String, LongAdder> unreadable =
      Stream.of(UnreadableMessageException.Kind.values())
          .collect(Collectors.toMap(Enum::name, kind -> new LongAdder()));

  private final List<Timer> propagation = new CopyOnWriteArrayList<>();

  private final AtomicBoolean subscribedBefore = new AtomicBoolean();

  /**
   * Creates the counters.
   *
   * @param caches gets the events of single caches
   */
  InvalidationMeters(CommonTags common, CacheMeters caches) {
    this.common = common;
    this.caches = caches;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Counters counters = new Counters(registry, bound, common.get());
    counters.add("published.messages", "Messages of this node", publishedMessages);
    counters.add("published.keys", "Keys in messages of this node", publishedKeys);
    counters.add("published.caches", "Whole caches in messages of this node", publishedCaches);
    counters.add("publish.failures", "Failed attempts to publish", publishFailures);
    counters.add(
        "outbox.overflows",
        "Times that a whole cache was invalidated because too many keys waited",
        overflows);
    String foreign = "Messages of a ForeignMessageWriter that were not published";
    counters.add("foreign.failures", foreign, Tags.of("retried", "true"), foreignRetries);
    counters.add("foreign.failures", foreign, Tags.of("retried", "false"), foreignLosses);
    counters.add("keys.unencodable", "Keys that no message can contain", unencodableKeys);
    counters.add("received.messages", "Messages that the subscription delivered", receivedMessages);
    String applied = "Messages of other senders that were applied here";
    counters.add("applied.messages", applied, Tags.of("sender", "node"), appliedOfNodes);
    counters.add("applied.messages", applied, Tags.of("sender", "foreign"), appliedOfOthers);
    counters.add(
        "unknown.caches", "Times that a message named a cache that is not here", unknownCaches);
    counters.add("replays", "Times that missed messages were read from the log", replays);
    counters.add(
        "replayed.messages", "Messages that were missed and read from the log", replayedMessages);
    counters.add("check.failures", "Checks and readings of the log that failed", checkFailures);
    counters.add("reconnects", "Times that the subscription was made again", reconnects);
    String unread = "Messages that could not be read";
    unreadable.forEach(
        (kind, adder) ->
            counters.add(
                "unreadable.messages", unread, Tags.of("kind", Counters.valueOf(kind)), adder));
    Timer timer =
        Timer.builder(Counters.PREFIX + "propagation")
            .description("Time from the acceptance of a message by Redis to its arrival here")
            .tags(common.get())
            .register(registry);
    bound.add(registry, timer);
    propagation.add(timer);
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }

  /** Both interfaces have this method; {@link CacheMeters} counts clears. */
  @Override
  public void cleared(String cache, ClearReason reason) {}

  @Override
  public void published(int keys, int wholeCaches) {
    publishedMessages.increment();
    publishedKeys.add(keys);
    publishedCaches.add(wholeCaches);
  }

  @Override
  public void publishFailed(RuntimeException cause) {
    publishFailures.increment();
  }

  @Override
  public void outboxOverflowed(String cache, OverflowCause cause) {
    overflows.increment();
  }

  @Override
  public void foreignWriteFailed(String cache, Throwable cause, boolean retried) {
    (retried ? foreignRetries : foreignLosses).increment();
  }

  @Override
  public void keyNotEncodable(String cache, Class<?> type) {
    unencodableKeys.increment();
  }

  @Override
  public void delivered(long delayNanos) {
    receivedMessages.increment();
    if (delayNanos != MessageEventListener.UNKNOWN) {
      propagation.forEach(timer -> timer.record(delayNanos, TimeUnit.NANOSECONDS));
    }
  }

  @Override
  public void applied(@Nullable String origin) {
    (origin == null ? appliedOfOthers : appliedOfNodes).increment();
  }

  @Override
  public void unknownCache(@Nullable String origin, String cache) {
    unknownCaches.increment();
  }

  @Override
  public void applied(String cache, int keys) {
    caches.applied(cache, keys);
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    caches.fillRefused(cache, reason);
  }

  @Override
  public void loadJoined(String cache) {
    caches.loadJoined(cache);
  }

  @Override
  public void unreadable(String kind, String detail) {
    Counters.increment(unreadable, kind);
  }

  @Override
  public void replayed(int messages) {
    replays.increment();
    replayedMessages.add(messages);
  }

  @Override
  public void checkFailed(RuntimeException cause) {
    checkFailures.increment();
  }

  @Override
  public void subscribed() {
    if (subscribedBefore.getAndSet(true)) {
      reconnects.increment();
    }
  }
}
