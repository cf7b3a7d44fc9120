package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.channel.ConnectionLostException;
import io.github.cacheinvalidation.channel.LogEntry;
import io.github.cacheinvalidation.channel.LogPage;
import io.github.cacheinvalidation.channel.Tip;
import io.github.cacheinvalidation.observer.ClearReason;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.Message;
import io.github.cacheinvalidation.wire.MessageReader;
import io.github.cacheinvalidation.wire.Position;
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
  private final Confirmation confirmation;
  private final Requests requests;
  private final Schedule schedule;
  private final InvalidationObserver observer;
  private final StatusKeeper status;
  private final Ring ring = new Ring(RING_SIZE);
  private final OpenChecks openChecks = new OpenChecks();
  private final LogReading reading = new LogReading();

  private @Nullable String serverId;
  private @Nullable ClearReason adoptionReason = ClearReason.JOINED;
  private boolean subscribed;
  private long subscription;
  private long subscribedNanos;

  Receiver(
      MessageReader reader,
      String ownOrigin,
      Replica replica,
      Confirmation confirmation,
      Requests requests,
      CoherenceSettings settings,
      InvalidationObserver observer,
      StatusKeeper status,
      RandomGenerator random,
      long now) {
    this.applier = new Applier(reader, ownOrigin, replica, observer);
    this.replica = replica;
    this.confirmation = confirmation;
    this.requests = requests;
    this.schedule = new Schedule(settings, random, now);
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
      schedule.checkEnded();
      observer.checked();
      check(checked.check(), checked.tip(), now);
    } else if (event instanceof Event.CheckFailed failed) {
      schedule.checkEnded();
      observer.checkFailed(failed.cause());
    } else if (event instanceof Event.Read read && reading.end(read.reading())) {
      schedule.readAnswered();
      apply(read.page(), now);
    } else if (event instanceof Event.ReadFailed failed && reading.end(failed.reading())) {
      schedule.readLater(now);
      observer.checkFailed(failed.cause());
    } else if (event instanceof Event.Subscribed made && made.subscription() == subscription) {
      subscribed(now);
    } else if (event instanceof Event.Lost lost && lost.subscription() == subscription) {
      lost(lost.cause(), now);
    } else if (event instanceof Event.Overflowed) {
      schedule.readNow(now);
    }
  }

  @Override
  public long tick(long now) {
    if (!openChecks.isEmpty() && !reading.isUnderWay() && schedule.isDeaf(now)) {
      schedule.progressed(now);
      schedule.readNow(now);
      if (subscribed) {
        lost(new ConnectionLostException("Messages that the log has did not arrive", null), now);
      }
    }
    if (schedule.subscribeIsDue(now)) {
      subscribed = false;
      schedule.subscribing(now);
      requests.subscribe(++subscription);
    }
    if (schedule.checkIsDue(now)) {
      schedule.checking(now);
      requests.check(new Event.Check(now));
    }
    Position from = reading.next(ring.head());
    if (from != null && !reading.isUnderWay() && schedule.readIsDue(now)) {
      status.behind(now, "Messages were missed, and are read from the log");
      schedule.readBegun();
      requests.read(reading.begin(from), from);
    }
    boolean mayRead = from != null && !reading.isUnderWay();
    return schedule.nextMoment(mayRead, mayRead && !openChecks.isEmpty());
  }

  private void subscribed(long now) {
    subscribed = true;
    subscribedNanos = now;
    schedule.expectMisses(now);
    schedule.subscribed();
    schedule.progressed(now);
    schedule.checkNow(now);
    observer.subscribed();
  }

  /** A connection that was forgotten while it was idle is replaced, and told only if it recurs. */
  private void lost(Throwable cause, long now) {
    status.behind(now, "The subscription is made anew");
    subscribed = false;
    subscription++; // whatever else the old one says is stale
    if (!(cause instanceof ConnectionLostException && schedule.trySubscribeNow(now))) {
      schedule.subscribeLater(now);
      observer.subscriptionLost(cause);
    }
  }

  private void receive(Event.Received received, long now) {
    schedule.heard();
    Message message = applier.read(received.delivery());
    Position position = message == null ? null : message.position();
    if (message == null || (position != null && ring.covers(position))) {
      return; // what is covered was read from the log before it arrived
    }
    if (!applier.apply(message, position) || position == null) {
      return;
    }
    Position predecessor = message.predecessor();
    if (!Ring.mayKeep(position) || (predecessor != null && !Ring.mayKeep(predecessor))) {
      return;
    }
    if (predecessor != null && ring.covers(predecessor)) {
      cover(position, now);
      return;
    }
    ring.await(predecessor, position, reading.number());
    if (adoptionReason == null && !reading.isUnderWay()) {
      schedule.readNow(now);
    }
  }

  private void cover(Position position, long now) {
    Position next = position;
    while (next != null) {
      if (!ring.covers(next)) {
        ring.cover(next);
        Event.Check check = openChecks.withTip(next);
        if (check != null) {
          confirm(check);
        }
      }
      next = ring.takeSuccessor(next);
    }
    schedule.progressed(now);
  }

  private void check(Event.Check check, Tip tip, long now) {
    if (adoptionReason == null && (tip.created() || !tip.serverId().equals(serverId))) {
      adoptionReason = ClearReason.SUSPECTED_LOSS;
    }
    ClearReason reason = adoptionReason;
    if (reason != null) {
      // where the log cannot be read, only a subscription keeps a known loss from coming again
      if (subscribed || reason != ClearReason.LOST_MESSAGES) {
        adopt(check, tip, reason, now);
      }
      return;
    }
    if (schedule.readingIsHopeless()) {
      adoptNext(ClearReason.LOST_MESSAGES, now);
      return;
    }
    boolean mayHaveMissed = schedule.takeExpectedMisses(check.sentNanos()) || !subscribed;
    if (ring.covers(tip.position())) {
      confirm(check);
      return;
    }
    if (openChecks.isEmpty()) {
      schedule.progressed(now);
    }
    openChecks.add(check, tip.position(), reading.number());
    if (mayHaveMissed) {
      schedule.readNow(now);
    }
  }

  private void adopt(Event.Check check, Tip tip, ClearReason reason, long now) {
    boolean suspected = reason == ClearReason.SUSPECTED_LOSS;
    if (suspected) {
      replica.distrust(confirmation.nanos());
    } else {
      replica.clearAll(reason);
    }
    reading.abandon(suspected ? reading.next(ring.head()) : null);
    ring.clear();
    openChecks.clear();
    cover(tip.position(), now);
    serverId = tip.serverId();
    status.adopted(serverId, suspected);
    adoptionReason = null;
    schedule.readAbandoned();
    if (suspected) {
      schedule.readNow(now);
    }
    schedule.expectMisses(now);
    confirm(check);
  }

  private void adoptNext(ClearReason reason, long now) {
    adoptionReason = reason;
    schedule.checkNow(now);
    openChecks.clear();
  }

  private void replay(LogPage page, long now) {
    List<LogEntry> entries = page.entries();
    Position from = reading.from();
    boolean known = !entries.isEmpty() && entries.get(0).position().equals(from);
    boolean readable = applyAll(known ? entries.subList(1, entries.size()) : entries, known, now);
    if (adoptionReason != null) {
      return;
    }
    if (!known && ring.isOfAnotherLog(entries, from)) {
      adoptNext(ClearReason.SUSPECTED_LOSS, now);
    } else if (!known || !readable) {
      adoptNext(ClearReason.LOST_MESSAGES, now);
    } else if (!page.complete()) {
      schedule.readNow(now);
    } else {
      openChecks.forgetBefore(reading.number());
      ring.forgetAwaitedBefore(reading.number());
      schedule.readDone(entries.size() > 1, now);
      if (ring.isAwaiting()) {
        schedule.readNow(now);
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
    schedule.readDone(true, now);
    if (reading.isCatchingUp() || ring.isAwaiting() || !openChecks.isEmpty()) {
      schedule.readNow(now);
    }
  }

  private boolean applyAll(List<LogEntry> entries, boolean covering, long now) {
    int replayed = 0;
    boolean readable = true;
    for (LogEntry entry : entries) {
      if (covering && ring.covers(entry.position())) {
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
    confirmation.confirm(check.sentNanos());
    openChecks.forgetSentUntil(check.sentNanos());
    boolean heard = subscribed && check.sentNanos() - subscribedNanos >= 0;
    if (status.confirmed(check.sentNanos(), heard)) {
      observer.joined();
    }
  }
}
