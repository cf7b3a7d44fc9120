package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.beans.factory.DisposableBean;

/**
 * Counts events of a node from its creation on, and exposes them in every registry that it is bound
 * to. All meters exist from the start, at zero.
 */
final class InvalidationMeters implements InvalidationObserver, MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final LongAdder publishedKeys = new LongAdder();

  private final LongAdder publishedCaches = new LongAdder();

  private final LongAdder publishFailures = new LongAdder();

  private final LongAdder appliedKeys = new LongAdder();

  private final LongAdder replayedMessages = new LongAdder();

  private final LongAdder overflows = new LongAdder();

  private final LongAdder foreignRetries = new LongAdder();

  private final LongAdder foreignLosses = new LongAdder();

  private final LongAdder unencodableKeys = new LongAdder();

  private final Map<ClearReason, LongAdder> cleared = adders(ClearReason.class);

  private final Map<FillRefusal, LongAdder> fillsRefused = adders(FillRefusal.class);

  private final Map<String, LongAdder> unreadable = new ConcurrentHashMap<>();

  InvalidationMeters() {
    for (UnreadableMessageException.Kind kind : UnreadableMessageException.Kind.values()) {
      unreadable.put(kind.name(), new LongAdder());
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Counters counters = new Counters(registry, bound);
    counters.add("published.keys", "Keys in messages of this node", Tags.empty(), publishedKeys);
    counters.add(
        "published.caches", "Whole caches in messages of this node", Tags.empty(), publishedCaches);
    counters.add("publish.failures", "Failed attempts to publish", Tags.empty(), publishFailures);
    counters.add("applied.keys", "Keys in messages applied here", Tags.empty(), appliedKeys);
    counters.add(
        "replayed.messages",
        "Messages that were missed and read from the log",
        Tags.empty(),
        replayedMessages);
    counters.add(
        "outbox.overflows",
        "Times that a whole cache was invalidated because too many keys waited",
        Tags.empty(),
        overflows);
    String foreign = "Messages of a ForeignMessageWriter that were not published";
    counters.add("foreign.failures", foreign, Tags.of("retried", "true"), foreignRetries);
    counters.add("foreign.failures", foreign, Tags.of("retried", "false"), foreignLosses);
    counters.add(
        "keys.unencodable", "Keys that no message can contain", Tags.empty(), unencodableKeys);
    cleared.forEach(
        (reason, adder) ->
            counters.add("cleared.caches", "Caches emptied", tag("reason", reason.name()), adder));
    fillsRefused.forEach(
        (reason, adder) ->
            counters.add(
                "refused.fills",
                "Loaded values that were not stored",
                tag("reason", reason.name()),
                adder));
    unreadable.forEach(
        (kind, adder) ->
            counters.add(
                "unreadable.messages",
                "Messages that could not be read",
                tag("kind", kind),
                adder));
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }

  @Override
  public void published(int keys, int wholeCaches) {
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
  public void applied(String cache, int keys) {
    appliedKeys.add(keys);
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    increment(cleared, reason);
  }

  @Override
  public void fillRefused(String cache, FillRefusal reason) {
    increment(fillsRefused, reason);
  }

  @Override
  public void unreadable(String kind, String detail) {
    increment(unreadable, kind);
  }

  @Override
  public void replayed(int messages) {
    replayedMessages.add(messages);
  }

  private static <K> void increment(Map<K, LongAdder> adders, K key) {
    LongAdder adder = adders.get(key);
    if (adder != null) {
      adder.increment();
    }
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    Arrays.stream(type.getEnumConstants()).forEach(each -> adders.put(each, new LongAdder()));
    return adders;
  }

  private static Tags tag(String key, String constant) {
    return Tags.of(key, constant.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private record Counters(MeterRegistry registry, BoundMeters bound) {

    void add(String name, String description, Tags tags, LongAdder adder) {
      bound.add(
          registry,
          FunctionCounter.builder("invalidation." + name, adder, LongAdder::sum)
              .description(description)
              .tags(tags)
              .register(registry));
    }
  }
}
