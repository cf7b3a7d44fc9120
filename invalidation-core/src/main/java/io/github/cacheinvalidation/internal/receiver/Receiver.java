package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.status.ChainStatus;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of a channel: detects lost messages, and reads them from the log or clears the
 * caches. Never blocks. Not thread-safe; see {@link ReceiverLoop}.
 *
 * <p><b>Covered.</b> A position is covered when its message and all before it were applied. An
 * uncovered predecessor shows a gap: the log is read from the last covered position. If the log
 * lacks that position, or cannot be read while checks are answered, the receiver resyncs.
 *
 * <p><b>Resync</b>, in this order: read the tip, clear every cache, cover the tip. The clear makes
 * up for messages before the tip; later ones are delivered or read from the log. A node resyncs at
 * its first answered check. It has joined once a check sent after the subscription is confirmed.
 * After a suspicion (another server or log) the caches become suspect instead. Each clears within
 * its own staleness bound, so nodes do not reload at the same time.
 *
 * <p><b>No log.</b> A further channel may have no log. Then its messages have no position, so each
 * check that finds none is confirmed. A log that appears later is followed as after a suspicion.
 *
 * <p><b>Confirmed.</b> The watermark moves to the time a check was sent, once its tip is covered
 * and the server is the same as before. While a resync is due, the watermark stays. If a tip is
 * uncovered for the timeout without progress, the receiver reads the log and subscribes again.
 */
final class Receiver implements EventHandler {

  private static final int RING_SIZE = 8192;

  private final Applier applier;
  private final LocalCaches localCaches;
  private final CoherenceWatermark watermark;
  private final ChannelRequests requests;
  private final ReceiverTimers timers;
  private final InvalidationObserver observer;
  private final ChainStatus status;
  private final ChainTracker chain = new ChainTracker(RING_SIZE);
  private final PendingChecks pendingChecks = new PendingChecks();
  private final LogReading reading = new LogReading();
  private final SubscriptionState subscription = new SubscriptionState();

  private @Nullable String serverId;
  private @Nullable ClearReason resyncReason = ClearReason.JOINED;
  private boolean withoutLog;

  Receiver(
      MessageReader reader,
      String ownOrigin,
      LocalCaches localCaches,
      CoherenceWatermark watermark,
      ChannelRequests requests,
      ReceiverSettings settings,
      InvalidationObserver observer,
      ChainStatus status,
      RandomGenerator random,
      long now) {
    this.applier = new Applier(reader, ownOrigin, localCaches, observer);
    this.localCaches = localCaches;
    this.watermark = watermark;
    this.requests = requests;
    this.timers = new ReceiverTimers(settings, random, now);
    this.observer = observer;
    this.status = status;
  }

  @Override
  public void on(Event event, long now) {
    if (event instanceof Event.Received received) {
      receive(received, now);
    } else if (event instanceof Event.Refused refused) {
      applier.refuse(refused.reason());
    } else if (event instanceof Event.Checked checked) {
      timers.checkEnded();
      applier.checked(checked, now);
      observer.checked();
      check(checked.check(), checked.tip(), now);
    } else if (event instanceof Event.CheckFailed failed) {
      timers.checkEnded();
      observer.checkFailed(failed.cause());
    } else if (event instanceof Event.Read read && reading.end(read.reading())) {
      timers.readAnswered();
      apply(read.page(), now);
    } else if (event instanceof Event.ReadFailed failed && reading.end(failed.reading())) {
      timers.readLater(now);
      observer.checkFailed(failed.cause());
    } else if (event instanceof Event.Subscribed made && subscription.is(made.subscription())) {
      subscribed(now);
    } else if (event instanceof Event.Lost lost && subscription.is(lost.subscription())) {
      lost(lost.cause(), now);
    } else if (event instanceof Event.Behind) {
      status.behind(now, "Messages arrive faster than this node applies them");
    } else if (event instanceof Event.Overflowed) {
      timers.readNow(now);
    }
  }

  @Override
  public long tick(long now) {
    if (!pendingChecks.isEmpty() && !reading.isUnderWay() && timers.isDeaf(now)) {
      timers.progressed(now);
      timers.readNow(now);
      if (subscription.isMade()) {
        lost(new ConnectionLostException("Messages in the log were not delivered", null), now);
      }
    }
    if (timers.subscribeIsDue(now)) {
      timers.subscribing(now);
      requests.subscribe(subscription.next());
    }
    if (timers.checkIsDue(now)) {
      timers.checking(now);
      requests.check(new Event.Check(now));
    }
    Position from = reading.next(chain.head());
    if (from != null && !reading.isUnderWay() && timers.readIsDue(now)) {
      status.behind(now, "Messages were missed; reading them from the log");
      timers.readBegun();
      requests.read(reading.begin(from), from);
    }
    boolean mayRead = from != null && !reading.isUnderWay();
    return timers.nextMoment(mayRead, mayRead && !pendingChecks.isEmpty());
  }

  private void subscribed(long now) {
    subscription.made(now);
    timers.subscribed(now);
    observer.subscribed();
  }

  /** Subscribes again. If a subscription was lost, a check finds what is missed meanwhile. */
  private void lost(Throwable cause, long now) {
    if (!withoutLog) {
      status.behind(now, "The subscription was lost; subscribing again");
    }
    boolean forgotten = cause instanceof ConnectionLostException;
    boolean silent = timers.subscribeAgain(subscription.isMade(), forgotten, now);
    subscription.over();
    if (!silent) {
      observer.subscriptionLost(cause);
    }
  }

  private void receive(Event.Received received, long now) {
    timers.heard();
    Message message = applier.receive(received.delivery(), now);
    Position position = message == null ? null : message.position();
    if (message == null || (position != null && chain.covers(position))) {
      return; // unreadable, or already read from the log
    }
    Position predecessor = message.predecessor();
    if (!applier.apply(message, position)
        || position == null
        || !ChainTracker.mayKeep(position, predecessor)) {
      return;
    }
    if (predecessor != null && chain.covers(predecessor)) {
      cover(position, now);
      return;
    }
    chain.await(predecessor, position, reading.number());
    if (resyncReason == null && !reading.isUnderWay()) {
      timers.readNow(now);
    }
  }

  private void cover(Position position, long now) {
    Position next = position;
    while (next != null) {
      if (!chain.covers(next)) {
        chain.cover(next);
        Event.Check check = pendingChecks.withTip(next);
        if (check != null) {
          confirm(check);
        }
      }
      next = chain.takeSuccessor(next);
    }
    timers.progressed(now);
  }

  private void check(Event.Check check, @Nullable Tip tip, long now) {
    withoutLog = tip == null;
    if (tip == null) {
      resyncReason = ClearReason.SUSPECTED_LOSS; // a log that appears has messages from before
      confirm(check);
      return;
    }
    boolean anotherLog = tip.created() || !tip.serverId().equals(serverId);
    if (anotherLog && resyncReason != ClearReason.JOINED) {
      resyncReason = ClearReason.SUSPECTED_LOSS; // also if that log lacked the last position
    }
    ClearReason reason = resyncReason;
    if (reason != null) {
      // without a subscription and a readable log, the same loss would happen again
      if (subscription.isMade() || reason != ClearReason.LOST_MESSAGES) {
        resync(check, tip, reason, now);
      }
      return;
    }
    if (timers.readingIsHopeless()) {
      resyncNext(ClearReason.LOST_MESSAGES, now);
      return;
    }
    boolean mayHaveMissed = timers.takeExpectedMisses(check.sentNanos()) || !subscription.isMade();
    if (chain.covers(tip.position())) {
      confirm(check);
      return;
    }
    if (pendingChecks.isEmpty()) {
      timers.progressed(now);
    }
    pendingChecks.add(check, tip.position(), reading.number());
    if (mayHaveMissed) {
      timers.readNow(now);
    }
  }

  private void resync(Event.Check check, Tip tip, ClearReason reason, long now) {
    boolean suspected = reason == ClearReason.SUSPECTED_LOSS;
    if (suspected) {
      localCaches.markSuspect(watermark.nanos());
    } else {
      localCaches.clearAll(reason);
    }
    reading.abandon(suspected, chain.head());
    chain.clear();
    pendingChecks.clear();
    cover(tip.position(), now);
    serverId = tip.serverId();
    status.resynced(serverId, suspected);
    resyncReason = null;
    timers.readAbandoned();
    if (suspected) {
      timers.readNow(now);
    }
    timers.expectMisses(now);
    confirm(check);
  }

  private void resyncNext(ClearReason reason, long now) {
    resyncReason = reason;
    timers.checkNow(now);
    pendingChecks.clear();
  }

  private void replay(LogPage page, long now) {
    List<LogEntry> entries = page.entries();
    Position from = reading.from();
    boolean known = !entries.isEmpty() && entries.get(0).position().equals(from);
    boolean readable = applyAll(known ? entries.subList(1, entries.size()) : entries, known, now);
    if (resyncReason != null) {
      return;
    }
    if (!known && chain.isOfAnotherLog(entries, from)) {
      resyncNext(ClearReason.SUSPECTED_LOSS, now);
    } else if (!known || !readable) {
      resyncNext(ClearReason.LOST_MESSAGES, now);
    } else if (!page.complete()) {
      timers.readNow(now);
    } else {
      pendingChecks.forgetBefore(reading.number());
      chain.forgetAwaitedBefore(reading.number());
      timers.readDone(entries.size() > 1, chain.isAwaiting(), now);
    }
  }

  private void apply(LogPage page, long now) {
    if (!reading.isCatchingUp()) {
      replay(page, now);
      return;
    }
    // catching up applies entries from before the new tip; they cover nothing
    applyAll(page.entries(), false, now);
    reading.caughtUpWith(page);
    boolean more = reading.isCatchingUp() || chain.isAwaiting() || !pendingChecks.isEmpty();
    timers.readDone(true, more, now);
  }

  private boolean applyAll(List<LogEntry> entries, boolean covering, long now) {
    int replayed = 0;
    boolean readable = true;
    for (LogEntry entry : entries) {
      if (covering && chain.covers(entry.position())) {
        continue; // delivered while the log was read
      }
      Message message = applier.read(entry);
      readable &= message != null && applier.apply(message, entry.position());
      if (covering && readable) {
        cover(entry.position(), now);
        replayed++;
      }
    }
    if (replayed > 0) {
      observer.replayed(replayed);
    }
    return readable;
  }

  private void confirm(Event.Check check) {
    long sent = check.sentNanos();
    watermark.confirm(sent);
    pendingChecks.forgetSentUntil(sent);
    if (status.confirmed(sent, withoutLog || subscription.wasMadeBy(sent))) {
      observer.joined();
    }
  }
}
