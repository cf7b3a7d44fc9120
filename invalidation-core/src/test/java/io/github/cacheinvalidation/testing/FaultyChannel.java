package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One node's channel with faults that a test asks for. Nothing is random and nothing depends on
 * time: a fault holds for a number of calls or until the test ends it, and messages that are held
 * back come when the test says so, on its own thread. Other nodes' channels are not touched.
 *
 * <table>
 * <caption>Faults</caption>
 * <tr><th>fault</th><th>method</th></tr>
 * <tr><td>loss</td><td>{@link #drop}, {@link #deafen}</td></tr>
 * <tr><td>delay</td><td>{@link #hold}, then {@link #release}</td></tr>
 * <tr><td>another order</td><td>{@link #hold}, then {@link #releaseReversed}</td></tr>
 * <tr><td>duplicates</td><td>{@link #duplicate}</td></tr>
 * <tr><td>a fork, as after a failover that lost entries</td><td>{@link #fork}</td></tr>
 * <tr><td>another server, or no answer</td><td>{@link #moveTo}, {@link #failChecks} and so on</td></tr>
 * <tr><td>a driver that breaks</td><td>{@link #breakDown}, {@link #failClosing}</td></tr>
 * <tr><td>an outage</td><td>{@link #cutOff}, then {@link #heal}</td></tr>
 * </table>
 */
public final class FaultyChannel implements Channel, MessageLog, Feed {

  private final Channel target;
  private final Map<String, Channel> cacheChannels = new TreeMap<>();
  private final Countdown failingPublications = new Countdown();
  private final Countdown unknownPublications = new Countdown();
  private final Countdown refusedPublications = new Countdown();
  private final Countdown failingForeign = new Countdown();
  private final Countdown failingChecks = new Countdown();
  private final Countdown failingReads = new Countdown();
  private final Countdown failingSubscriptions = new Countdown();
  private final AtomicInteger checks = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger publications = new AtomicInteger();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private final FaultyDeliveries deliveries = new FaultyDeliveries();
  private volatile UnaryOperator<Position> positions = UnaryOperator.identity();
  private volatile @Nullable String serverId;
  private volatile boolean cutOff;
  private volatile boolean broken;
  private volatile boolean failingToClose;
  private volatile int largestPage = Integer.MAX_VALUE;

  /** Creates a channel without faults over another one, which it closes. */
  public FaultyChannel(Channel target) {
    this.target = target;
    target
        .cacheChannels()
        .forEach((name, each) -> cacheChannels.put(name, new FaultyChannel(each)));
  }

  /** Returns a cache channel of this channel, with faults of its own. */
  public FaultyChannel cacheChannel(String name) {
    return (FaultyChannel) Objects.requireNonNull(cacheChannels.get(name));
  }

  // Deliveries

  /** Loses the next messages. */
  public void drop(int count) {
    deliveries.drop(count);
  }

  /** Loses every message, while the subscription seems to be alive, until {@link #heal}. */
  public void deafen() {
    deliveries.drop(Countdown.ENDLESS);
  }

  /** Returns how many messages were lost so far. */
  public int dropped() {
    return deliveries.dropped();
  }

  /** Delivers each of the next messages twice in a row. */
  public void duplicate(int count) {
    deliveries.duplicate(count);
  }

  /** Holds messages back until they are released. */
  public void hold() {
    deliveries.hold();
  }

  /** Returns how many messages are held back. */
  public int held() {
    return deliveries.held();
  }

  /** Delivers the held messages in order on this thread; later messages are not held. */
  public void release() {
    deliveries.release(false);
  }

  /** Delivers the held messages, the newest first, on this thread. */
  public void releaseReversed() {
    deliveries.release(true);
  }

  /** Rewrites every message that arrives. */
  public void rewrite(UnaryOperator<Delivery> rewriting) {
    deliveries.rewrite(rewriting);
  }

  /** Delivers a message that no node published. */
  public void inject(Delivery delivery) {
    deliveries.inject(delivery);
  }

  /** Ends the subscription as a broken connection would. */
  public void loseSubscription() {
    deliveries.lose(new ChannelException("Injected: the subscription is lost", null));
  }

  // Calls

  /** Fails the next publications before anything is accepted. */
  public void failPublications(int count) {
    failingPublications.set(count);
  }

  /** Fails the next publications after they were accepted: the answer is lost. */
  public void loseAnswersToPublications(int count) {
    unknownPublications.set(count);
  }

  /** Refuses the next publications. */
  public void refusePublications(int count) {
    refusedPublications.set(count);
  }

  /** Fails the next messages for other programs. */
  public void failForeignMessages(int count) {
    failingForeign.set(count);
  }

  /** Fails the next checks. */
  public void failChecks(int count) {
    failingChecks.set(count);
  }

  /** Fails the next reads. */
  public void failReads(int count) {
    failingReads.set(count);
  }

  /** Fails readings that bring more entries than so many, as if they did not come in time. */
  public void failPagesBeyond(int entries) {
    largestPage = entries;
  }

  /** Lets the next subscriptions be lost before they are confirmed. */
  public void failSubscriptions(int count) {
    failingSubscriptions.set(count);
  }

  /** Throws an error out of every check, reading and subscription from now on, or no more. */
  public void breakDown(boolean all) {
    broken = all;
  }

  /** Throws where a subscription is closed, once that is done, from now on or no more. */
  public void failClosing(boolean all) {
    failingToClose = all;
  }

  /** Lets checks be answered by a server with another identity, from now on. */
  public void moveTo(String otherServerId) {
    serverId = otherServerId;
  }

  /**
   * Shows this node another history: the same entry ids with other random ids, in checks, reads,
   * and in the messages that follow.
   */
  public void fork(String suffix) {
    positions = position -> new Position(position.entryId(), position.nonce() + suffix);
    rewrite(message -> FramedPositions.fork(message, suffix));
  }

  /** Fails everything and loses the subscription, until {@link #heal}. */
  public void cutOff() {
    cutOff = true;
    loseSubscription();
  }

  /** Ends every fault but a changed server identity, and delivers the held messages. */
  public void heal() {
    cutOff = false;
    broken = false;
    failingToClose = false;
    largestPage = Integer.MAX_VALUE;
    List.of(
            failingPublications,
            unknownPublications,
            refusedPublications,
            failingForeign,
            failingChecks,
            failingReads,
            failingSubscriptions)
        .forEach(countdown -> countdown.set(0));
    positions = UnaryOperator.identity();
    deliveries.heal();
  }

  // Counters

  /** Returns how often a check was asked for. */
  public int checks() {
    return checks.get();
  }

  /** Returns how often the log was read. */
  public int reads() {
    return reads.get();
  }

  /** Returns how often a publication was tried. */
  public int publications() {
    return publications.get();
  }

  /** Returns how often a subscription was asked for. */
  public int subscriptions() {
    return subscriptions.get();
  }

  @Override
  public MessageLog log() {
    return this;
  }

  @Override
  public Feed feed() {
    return this;
  }

  @Override
  public @Nullable GroupLog groupLog(GroupMember member) {
    return target.groupLog(member);
  }

  @Override
  public List<Channel> further() {
    return target.further();
  }

  @Override
  public Map<String, Channel> cacheChannels() {
    return cacheChannels;
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public void append(Publication publication) {
    publications.incrementAndGet();
    if (refusedPublications.next()) {
      throw new PublicationRefusedException("Injected: the publication is refused", null, false);
    }
    failIf(failingPublications, "the publication");
    target.log().append(publication);
    failIf(unknownPublications, "the answer to the publication");
  }

  @Override
  public void publish(
      String channel, byte[] message, Consumer<@Nullable ChannelException> outcome) {
    if (cutOff || failingForeign.next()) {
      outcome.accept(new ChannelException("Injected: the foreign message has no answer", null));
    } else {
      target.log().publish(channel, message, outcome);
    }
  }

  @Override
  public Tip tip() {
    checks.incrementAndGet();
    breakIfAsked();
    failIf(failingChecks, "the check");
    Tip tip = target.log().tip();
    String otherServerId = serverId;
    return new Tip(
        positions.apply(tip.position()),
        otherServerId == null ? tip.serverId() : otherServerId,
        tip.created(),
        tip.serverMicros(),
        tip.listeners(),
        tip.twoMastersPossible());
  }

  @Override
  public LogPage read(Position from, int limit) {
    reads.incrementAndGet();
    breakIfAsked();
    failIf(failingReads, "the reading");
    LogPage page = target.log().read(from, limit);
    if (page.entries().size() > largestPage) {
      throw new ChannelException("Injected: it did not come in time", null);
    }
    return new LogPage(
        page.entries().stream()
            .map(entry -> new LogEntry(positions.apply(entry.position()), entry.body()))
            .toList(),
        page.complete());
  }

  @Override
  public Subscription subscribe(Subscriber subscriber) {
    subscriptions.incrementAndGet();
    breakIfAsked();
    if (cutOff || failingSubscriptions.next()) {
      Thread thread =
          new Thread(
              () -> subscriber.lost(new ChannelException("Injected: cannot subscribe", null)),
              "faulty-subscription");
      thread.setDaemon(true);
      thread.start();
      return () -> {};
    }
    Subscription made = deliveries.subscribe(target.feed(), subscriber);
    return () -> {
      made.close();
      if (failingToClose) {
        throw new IllegalStateException("Injected: not closed");
      }
    };
  }

  private void breakIfAsked() {
    if (broken) {
      throw new NoClassDefFoundError("Injected");
    }
  }

  private void failIf(Countdown countdown, String what) {
    if (cutOff || countdown.next()) {
      throw new ChannelException("Injected: " + what + " failed", null);
    }
  }

  @Override
  public void close() {
    target.close();
  }
}
