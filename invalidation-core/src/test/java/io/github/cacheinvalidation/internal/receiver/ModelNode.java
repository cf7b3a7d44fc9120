package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A receiver in a simulation, its network, and its judge. The judge keeps every message that any
 * server accepted until this node has applied it or cleared after it. When the node confirms a
 * moment, no message may be left that was accepted at or before that moment. When the node
 * distrusts its entries, the messages that are left must have been accepted after the moment up to
 * which the entries are trusted. They must be answered by a clear before that moment is older than
 * the bound.
 */
final class ModelNode implements ChannelRequests, LocalCaches {

  private final Simulation simulation;

  private final ModelServer server;

  private final ReceiverSettings settings;

  private final Sabotage sabotage;

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private final Receiver receiver;

  private final Map<Integer, Long> unanswered = new TreeMap<>();

  /** The messages left when the node began to markSuspect, until the delayed clear. */
  private final Map<Integer, Long> suspect = new TreeMap<>();

  private long distrustsNumber;

  private boolean distrusting;

  private final List<ClearReason> clears = new ArrayList<>();

  private Faults faults = Faults.NONE;

  private double slowestReplyMillis = 20;

  private long checkSent;

  private @Nullable Tip lastTip;

  private int pageSize = 16;

  private boolean connected;

  private long connection;

  private long lastDelivery;

  private @Nullable Position lastDelivered;

  private long wakeUp = Long.MAX_VALUE;

  private int readings;

  private long longestStaleness;

  private @Nullable String violation;

  ModelNode(
      Simulation simulation, ModelServer server, ReceiverSettings settings, Sabotage sabotage) {
    this.simulation = simulation;
    this.server = server;
    this.settings = settings;
    this.sabotage = sabotage;
    InvalidationObserver nobody = new InvalidationObserver() {};
    StatusTracker status =
        new StatusTracker(nobody, watermark, simulation::now, InstantSource.system());
    status.started("c");
    this.receiver =
        new Receiver(
            new MessageReader(List.of()),
            "me/1",
            this,
            watermark,
            this,
            settings,
            status,
            status,
            simulation.random,
            simulation.now());
    step(null);
  }

  void faults(Faults value) {
    faults = value;
  }

  void slowestReplyMillis(double value) {
    slowestReplyMillis = value;
  }

  void pageSize(int value) {
    pageSize = value;
  }

  List<ClearReason> clears() {
    return clears;
  }

  int readings() {
    return readings;
  }

  long staleness() {
    return simulation.now() - watermark.nanos();
  }

  long longestStaleness() {
    return longestStaleness;
  }

  int unanswered() {
    return unanswered.size() + suspect.size();
  }

  @Nullable String violation() {
    return violation;
  }

  // The receiver's thread

  private void step(@Nullable Event event) {
    long before = watermark.nanos();
    longestStaleness = Math.max(longestStaleness, staleness());
    if (event != null) {
      receiver.on(event, simulation.now());
    }
    long next = receiver.tick(simulation.now());
    if (watermark.nanos() != before) {
      judge();
    }
    if (next <= simulation.now() && violation == null) {
      violation = "the next moment " + next + " is not after " + simulation.now();
    }
    wakeUp = next;
    if (next < Long.MAX_VALUE / 4) {
      simulation.at(
          next,
          () -> {
            if (wakeUp == next) {
              step(null);
            }
          });
    }
  }

  private void judge() {
    long confirmed = watermark.nanos();
    if (violation == null && confirmed > simulation.now()) {
      violation = "confirmed the future";
    }
    unanswered.forEach(
        (message, accepted) -> {
          if (accepted <= confirmed && violation == null) {
            violation = "confirmed " + confirmed + " without " + message + " of " + accepted;
          }
        });
  }

  private void tell(long delay, Event event) {
    simulation.after(delay, () -> step(event));
  }

  // The local caches

  @Override
  public void apply(List<Invalidation<WireKey>> invalidations) {
    for (Invalidation<WireKey> each : invalidations) {
      Integer message = Integer.valueOf(((Invalidation.Whole<WireKey>) each).cache());
      unanswered.remove(message);
      suspect.remove(message);
    }
  }

  @Override
  public void clearAll(ClearReason reason) {
    clears.add(reason);
    distrusting = false;
    suspect.clear();
    if (sabotage == Sabotage.CLEAR_BEFORE_TIP) {
      unanswered.values().removeIf(accepted -> accepted <= checkSent);
    } else if (sabotage != Sabotage.RESYNC_WITHOUT_CLEAR) {
      unanswered.clear();
    }
  }

  /** As caches do: the first of several suspicions counts, and the clear for it comes in time. */
  @Override
  public void markSuspect(long confirmedNanos) {
    if (sabotage == Sabotage.TRUST_AFTER_SUSPICION) {
      return;
    }
    long trusted = sabotage == Sabotage.TRUST_UNTIL_SUSPICION ? simulation.now() : confirmedNanos;
    if (!distrusting) {
      distrusting = true;
      long number = ++distrustsNumber;
      long half = settings.maxStaleness().toNanos() / 2;
      simulation.at(
          trusted + half + simulation.random.nextLong(half), () -> clearDistrusted(number));
    }
    long latest = sabotage == Sabotage.DISTRUST_BEFORE_TIP ? checkSent : simulation.now();
    unanswered.forEach(
        (message, accepted) -> {
          if (accepted <= latest) {
            suspect.put(message, accepted);
          }
          if (accepted <= trusted && violation == null) {
            violation = "trusted until " + trusted + " without " + message + " of " + accepted;
          }
        });
    unanswered.keySet().removeAll(suspect.keySet());
  }

  private void clearDistrusted(long number) {
    if (distrusting && number == distrustsNumber) {
      distrusting = false;
      clears.add(ClearReason.SUSPECTED_LOSS);
      suspect.clear();
      unanswered.clear();
    }
  }

  // The network

  void accepted(int message, Position position, @Nullable Position predecessor) {
    unanswered.put(message, simulation.now());
    if (!connected || simulation.happens(faults.drop())) {
      return;
    }
    if (simulation.happens(faults.lose())) {
      disconnect(simulation.between(0, 50));
      return;
    }
    if (simulation.happens(faults.deafen())) {
      connected = false;
      return;
    }
    long arrival = simulation.now() + simulation.between(0.1, slowestReplyMillis / 2);
    if (simulation.happens(faults.reorder())) {
      arrival += simulation.between(0, 40);
    } else {
      arrival = Math.max(arrival, lastDelivery + 1);
      lastDelivery = arrival;
    }
    boolean overflow = simulation.happens(faults.overflow());
    simulation.at(arrival, () -> arrive(message, position, predecessor, overflow));
    if (simulation.happens(faults.duplicate())) {
      long again = arrival + simulation.between(0, 100);
      simulation.at(again, () -> arrive(message, position, predecessor, false));
    }
  }

  private void arrive(
      int message, Position position, @Nullable Position predecessor, boolean overflow) {
    if (overflow) {
      step(new Event.Overflowed());
      return;
    }
    Position prev = predecessor;
    if (sabotage == Sabotage.IGNORE_GAPS && lastDelivered != null) {
      prev = lastDelivered;
    }
    lastDelivered = position;
    String frame =
        "{\"pos\":\"%s\",\"prev\":\"%s\",%s"
            .formatted(
                seen(position),
                prev == null ? "" : seen(prev),
                ModelServer.body(message).substring(1));
    step(ReceiverFixture.received(frame, false));
  }

  /** Ends the subscription at the server; the node hears of it later. */
  void disconnect(long delay) {
    if (connected) {
      connected = false;
      boolean forgotten = simulation.random.nextBoolean();
      tell(
          delay,
          new Event.Lost(
              connection,
              forgotten
                  ? new ConnectionLostException("Injected", null)
                  : new ChannelException("Injected", null)));
    }
  }

  @Override
  public void subscribe(long subscription) {
    connected = false;
    if (simulation.happens(faults.failSubscribe())) {
      boolean late = simulation.random.nextBoolean(); // as where nothing answers
      tell(
          simulation.between(1, late ? 3_000 : 100),
          new Event.Lost(subscription, new ChannelException("Injected", null)));
      return;
    }
    connection = subscription;
    simulation.after(
        simulation.between(0.1, 10),
        () -> {
          if (connection == subscription) {
            connected = true;
            tell(simulation.between(0.1, 10), new Event.Subscribed(subscription));
          }
        });
  }

  @Override
  public void check(Event.Check check) {
    checkSent = check.sentNanos();
    if (simulation.happens(faults.failCheck())) {
      tell(settings.timeout().toNanos(), new Event.CheckFailed(new ChannelException("late", null)));
      return;
    }
    simulation.after(
        simulation.between(0.1, slowestReplyMillis),
        () -> {
          Tip tip = seen(server.check());
          simulation.after(
              simulation.between(0.1, slowestReplyMillis),
              () -> {
                Event.Check told =
                    sabotage == Sabotage.CONFIRM_AS_OF_REPLY
                        ? new Event.Check(simulation.now())
                        : check;
                step(new Event.Checked(told, tip));
              });
        });
  }

  @Override
  public void read(long reading, Position from) {
    readings++;
    if (simulation.happens(faults.failRead())) {
      tell(
          settings.timeout().toNanos(),
          new Event.ReadFailed(reading, new ChannelException("late", null)));
      return;
    }
    simulation.after(
        simulation.between(0.1, slowestReplyMillis),
        () -> {
          LogPage page = seen(server.read(from, pageSize));
          tell(simulation.between(0.1, slowestReplyMillis), new Event.Read(reading, page));
        });
  }

  // The view of a broken node

  private Position seen(Position position) {
    return sabotage == Sabotage.IGNORE_NONCE ? new Position(position.entryId(), "") : position;
  }

  private Tip seen(Tip tip) {
    if (sabotage == Sabotage.TRUST_UNHEARD && !connected && lastTip != null) {
      return lastTip;
    }
    String serverId = sabotage == Sabotage.IGNORE_SERVER ? "the same" : tip.serverId();
    lastTip = new Tip(seen(tip.position()), serverId, tip.created());
    return lastTip;
  }

  private LogPage seen(LogPage page) {
    List<LogEntry> entries =
        page.entries().stream()
            .map(entry -> new LogEntry(seen(entry.position()), seenBody(entry)))
            .toList();
    return new LogPage(entries, page.complete());
  }

  private byte[] seenBody(LogEntry entry) {
    return sabotage == Sabotage.IGNORE_REPLAY ? ReceiverFixture.bytes("{}") : entry.body();
  }
}
