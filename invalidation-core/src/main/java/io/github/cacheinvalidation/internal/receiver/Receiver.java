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
import io.github.cacheinvalidation.internal.status.StatusTracker;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of a channel. Confined to one thread, it blocks nowhere: it is told events and
 * the time, and asks for what it needs.
 *
 * <p><b>Covered.</b> A position is covered when its message and every one before it were applied. A
 * message whose predecessor is covered becomes covered; any other reveals a gap, which is read from
 * the log, beginning with the last covered position. Where the log no longer has that position, or
 * cannot be read although checks are answered, the tip is adopted instead.
 *
 * <p><b>Adopting</b> a tip, in this order: the tip is read, every cache is cleared, the ring starts
 * with the tip. So what was published before the tip is answered by the clear, and what comes after
 * it is heard or read from the log. A node that joins adopts the tip of the first answered check;
 * it has joined once one is confirmed that was sent after the subscription. After a suspicion
 * (another server or log) the caches distrust what they hold instead of a clear, and each clears it
 * within its own bound, so that a fleet does not reload in step.
 *
 * <p><b>Confirmed</b> as of the moment a check was sent, once its tip is covered and the same
 * server answered as before. While an adoption is due nothing is confirmed, so the staleness bound
 * holds whatever happened.
 *
 * <p><b>Deaf.</b> A tip that is not covered announces messages on their way. When none has come for
 * the timeout, the log is read and the subscription is made anew.
 */
final class Receiver implements EventHandler {

  private static final int RING_SIZE = 8192;

  private final Applier applier;
  private final Replica replica;
  private final CoherenceWatermark watermark;
  private final ChannelRequests requests;
  private final ReceiverTimers timers;
  private final InvalidationObserver observer;
  private final StatusTracker status;
  private final ChainTracker chain = new ChainTracker(RING_SIZE);
  private final PendingChecks pendingChecks = new PendingChecks();
  private final LogReading reading = new LogReading();

  private @Nullable String serverId;
  private @Nullable ClearReason resyncReason = ClearReason.JOINED;
  private boolean subscribed;
  private long subscription;
  private long subscribedNanos;

  Receiver(
      MessageReader reader,
      String ownOrigin,
      Replica replica,
      CoherenceWatermark watermark,
      ChannelRequests requests,
      ReceiverSettings settings,
      InvalidationObserver observer,
      StatusTracker status,
      RandomGenerator random,
      long now) {
    this.applier = new Applier(reader, ownOrigin, replica, observer);
    this.replica = replica;
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
    } else if (event instanceof Event.Subscribed made && made.subscription() == subscription) {
      subscribed(now);
    } else if (event instanceof Event.Lost lost && lost.subscription() == subscription) {
      lost(lost.cause(), now);
    } else if (event instanceof Event.Overflowed) {
      timers.readNow(now);
    }
  }

  @Override
  public long tick(long now) {
    if (!pendingChecks.isEmpty() && !reading.isUnderWay() && timers.isDeaf(now)) {
      timers.progressed(now);
      timers.readNow(now);
      if (subscribed) {
        lost(new ConnectionLostException("Messages that the log has did not arrive", null), now);
      }
    }
    if (timers.subscribeIsDue(now)) {
      subscribed = false;
      timers.subscribing(now);
      requests.subscribe(++subscription);
    }
    if (timers.checkIsDue(now)) {
      timers.checking(now);
      requests.check(new Event.Check(now));
    }
    Position from = reading.next(chain.head());
    if (from != null && !reading.isUnderWay() && timers.readIsDue(now)) {
      status.behind(now, "Messages were missed, and are read from the log");
      timers.readBegun();
      requests.read(reading.begin(from), from);
    }
    boolean mayRead = from != null && !reading.isUnderWay();
    return timers.nextMoment(mayRead, mayRead && !pendingChecks.isEmpty());
  }

  private void subscribed(long now) {
    subscribed = true;
    subscribedNanos = now;
    timers.expectMisses(now);
    timers.subscribed();
    timers.progressed(now);
    timers.checkNow(now);
    observer.subscribed();
  }

  /** A connection that was forgotten while it was idle is replaced, and told only if it recurs. */
  private void lost(Throwable cause, long now) {
    status.behind(now, "The subscription is made anew");
    subscribed = false;
    subscription++; // whatever else the old one says is stale
    if (!(cause instanceof ConnectionLostException && timers.trySubscribeNow(now))) {
      timers.subscribeLater(now);
      observer.subscriptionLost(cause);
    }
  }

  private void receive(Event.Received received, long now) {
    timers.heard();
    Message message = applier.read(received.delivery());
    Position position = message == null ? null : message.position();
    if (message == null || (position != null && chain.covers(position))) {
      return; // what is covered was read from the log before it arrived
    }
    if (!applier.apply(message, position) || position == null) {
      return;
    }
    Position predecessor = message.predecessor();
    if (!ChainTracker.mayKeep(position)
        || (predecessor != null && !ChainTracker.mayKeep(predecessor))) {
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

  private void check(Event.Check check, Tip tip, long now) {
    if (resyncReason == null && (tip.created() || !tip.serverId().equals(serverId))) {
      resyncReason = ClearReason.SUSPECTED_LOSS;
    }
    ClearReason reason = resyncReason;
    if (reason != null) {
      // where the log cannot be read, only a subscription keeps a known loss from coming again
      if (subscribed || reason != ClearReason.LOST_MESSAGES) {
        resync(check, tip, reason, now);
      }
      return;
    }
    if (timers.readingIsHopeless()) {
      resyncNext(ClearReason.LOST_MESSAGES, now);
      return;
    }
    boolean mayHaveMissed = timers.takeExpectedMisses(check.sentNanos()) || !subscribed;
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
      replica.distrust(watermark.nanos());
    } else {
      replica.clearAll(reason);
    }
    reading.abandon(suspected ? reading.next(chain.head()) : null);
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
      timers.readDone(entries.size() > 1, now);
      if (chain.isAwaiting()) {
        timers.readNow(now);
      }
    }
  }

  private void apply(LogPage page, long now) {
    if (!reading.isCatchingUp()) {
      replay(page, now);
      return;
    }
    // what a suspected log has before the adopted tip covers nothing
    applyAll(page.entries(), false, now);
    reading.caughtUpWith(page);
    timers.readDone(true, now);
    if (reading.isCatchingUp() || chain.isAwaiting() || !pendingChecks.isEmpty()) {
      timers.readNow(now);
    }
  }

  private boolean applyAll(List<LogEntry> entries, boolean covering, long now) {
    int replayed = 0;
    boolean readable = true;
    for (LogEntry entry : entries) {
      if (covering && chain.covers(entry.position())) {
        continue; // it arrived while the log was read
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
    watermark.confirm(check.sentNanos());
    pendingChecks.forgetSentUntil(check.sentNanos());
    boolean heard = subscribed && check.sentNanos() - subscribedNanos >= 0;
    if (status.confirmed(check.sentNanos(), heard)) {
      observer.joined();
    }
  }
}
