package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.ChainFields;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A receiver with nothing around it, and a clock that stands still until the test moves it. */
final class ReceiverFixture {

  static final Duration INTERVAL = Duration.ofSeconds(1);

  static final Duration BOUND = Duration.ofSeconds(10);

  static final Duration TIMEOUT = Duration.ofMillis(500);

  static final String OWN = "me/1";

  static final String SERVER = "server-1";

  final RecordingRequests requests = new RecordingRequests();

  final RecordingLocalCaches localCaches = new RecordingLocalCaches();

  final RecordingObserver observer = new RecordingObserver();

  final CoherenceWatermark watermark;

  final StatusTracker status;

  private final Receiver receiver;

  private long now;

  private long next;

  ReceiverFixture() {
    this(0);
  }

  /** Begins at a moment; monotonic clocks may be negative and overflow. */
  ReceiverFixture(long start) {
    now = start;
    watermark = new CoherenceWatermark(start);
    status = new StatusTracker(observer, watermark, () -> now, () -> Instant.ofEpochSecond(0, now));
    status.started("c");
    receiver =
        new Receiver(
            new MessageReader(List.of()),
            OWN,
            localCaches,
            watermark,
            requests,
            new ReceiverSettings(INTERVAL, BOUND, TIMEOUT, 1 << 20),
            InvalidationObserver.all(List.of(status, observer)),
            status,
            new Random(7),
            start);
    tick();
  }

  /** Returns a position of the only history that there is unless a test makes another. */
  static Position at(int number) {
    return new Position(number + "-0", "n" + number);
  }

  static Position forked(int number) {
    return new Position(number + "-0", "f" + number);
  }

  long now() {
    return now;
  }

  // Time

  /** Moves the clock on without doing anything that falls due. */
  ReceiverFixture pass(Duration time) {
    now += time.toNanos();
    return this;
  }

  /** Lets the time pass, doing everything at the moment at which it is due. */
  ReceiverFixture advance(Duration time) {
    long end = now + time.toNanos();
    int idle = 0;
    while (next - end <= 0) {
      idle = next - now <= 0 ? idle + 1 : 0;
      assertThat(idle).as("ticks in a row without progress of the clock").isLessThan(3);
      now = Math.max(now, next);
      tick();
    }
    now = end;
    return tick();
  }

  ReceiverFixture tick() {
    next = receiver.tick(now);
    return this;
  }

  long next() {
    return next;
  }

  // Events

  ReceiverFixture on(Event event) {
    receiver.on(event, now);
    return tick();
  }

  ReceiverFixture subscribed() {
    return on(new Event.Subscribed(lastSubscription()));
  }

  ReceiverFixture lost() {
    return on(new Event.Lost(lastSubscription(), new ChannelException("Injected", null)));
  }

  long lastSubscription() {
    return requests.subscriptions().get(requests.subscriptions().size() - 1);
  }

  /** Delivers message {@code number} of the history, whose predecessor is the one before it. */
  ReceiverFixture deliver(int number) {
    return deliver(at(number), at(number - 1), number);
  }

  ReceiverFixture deliver(Position position, @Nullable Position predecessor, int key) {
    return deliver(message(position, predecessor, "other/1", key));
  }

  ReceiverFixture deliver(String message) {
    return on(received(message, false));
  }

  static Event.Received received(String message, boolean open) {
    return new Event.Received(ChainFields.cutOff(bytes(message), open));
  }

  /** Announces message {@code number} of the history. */
  ReceiverFixture announce(int number) {
    return deliver(
        "{\"ahead\":\"" + at(number).nonce() + "\"," + body("other/1", number).substring(1));
  }

  static String message(Position position, @Nullable Position predecessor, String origin, int key) {
    String prev = predecessor == null ? "" : predecessor.toString();
    return "{\"pos\":\""
        + position
        + "\",\"prev\":\""
        + prev
        + "\","
        + body(origin, key).substring(1);
  }

  private static String body(String origin, int key) {
    return "{\"v\":1,\"from\":\"" + origin + "\",\"body\":1,\"caches\":{\"" + key + "\":\"*\"}}";
  }

  // Answers

  Event.Check pendingCheck() {
    assertThat(requests.checks()).as("checks under way").hasSize(1);
    return requests.checks().element();
  }

  ReceiverFixture answerCheck(Position tip) {
    return answerCheck(new Tip(tip, SERVER, false));
  }

  ReceiverFixture answerCheck(Tip tip) {
    Event.Check check = pendingCheck();
    requests.checks().clear();
    return on(new Event.Checked(check, tip));
  }

  /** Answers that there is no log. */
  ReceiverFixture answerCheckWithoutLog() {
    Event.Check check = pendingCheck();
    requests.checks().clear();
    return on(new Event.Checked(check, null));
  }

  ReceiverFixture failCheck() {
    requests.checks().clear();
    return on(new Event.CheckFailed(new ChannelException("Injected", null)));
  }

  RecordingRequests.Reading pendingReading() {
    assertThat(requests.readings()).as("readings under way").hasSize(1);
    return requests.readings().element();
  }

  ReceiverFixture answerReading(boolean complete, LogEntry... entries) {
    RecordingRequests.Reading reading = pendingReading();
    requests.readings().clear();
    return on(new Event.Read(reading.number(), new LogPage(Arrays.asList(entries), complete)));
  }

  /** Answers with the history between two numbers, both included. */
  ReceiverFixture answerReading(int first, int last) {
    List<LogEntry> entries = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      entries.add(entry(at(number), number));
    }
    return answerReading(true, entries.toArray(LogEntry[]::new));
  }

  ReceiverFixture failReading() {
    RecordingRequests.Reading reading = pendingReading();
    requests.readings().clear();
    return on(new Event.ReadFailed(reading.number(), new ChannelException("Injected", null)));
  }

  static LogEntry entry(Position position, int key) {
    return new LogEntry(position, bytes(body("other/1", key)));
  }

  static LogEntry entry(Position position, String body) {
    return new LogEntry(position, bytes(body));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Shorthands

  /** Joins with a tip, has it confirmed once more, and forgets all that. */
  ReceiverFixture joined(int tip) {
    failCheck().subscribed().answerCheck(at(tip)).untilNextCheck().answerCheck(at(tip));
    localCaches.clears().clear();
    localCaches.applied().clear();
    observer.receivingEvents().clear();
    return this;
  }

  /** Runs checks with this tip for a time, each answered at once. */
  ReceiverFixture checkFor(Duration time, Tip tip) {
    long end = now + time.toNanos();
    while (now - end < 0) {
      advance(Duration.ofMillis(10));
      if (!requests.checks().isEmpty()) {
        answerCheck(tip);
      }
    }
    return this;
  }

  /** Returns the next moment at which a check is sent. */
  ReceiverFixture untilNextCheck() {
    for (int i = 0; requests.checks().isEmpty(); i++) {
      assertThat(i).as("steps without a check").isLessThan(2_000);
      advance(Duration.ofMillis(10));
    }
    return this;
  }

  long confirmed() {
    return watermark.nanos();
  }
}
