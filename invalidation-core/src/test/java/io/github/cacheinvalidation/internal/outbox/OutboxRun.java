package io.github.cacheinvalidation.internal.outbox;

import static io.github.cacheinvalidation.internal.outbox.OutboxPlan.LONG;
import static io.github.cacheinvalidation.internal.outbox.OutboxPlan.ROOM_FOR_ALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.junit.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An outbox whose writers, answers, stops and starts come in one order that the choices give. */
final class OutboxRun {

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private static final int SPINS = 200;

  private final Choices choices;

  private final SteppedPublications channel;

  private final WatchedLock lock = new WatchedLock();

  private final RecordingObserver observer = new RecordingObserver();

  private final Outbox outbox;

  private final List<String> written = new ArrayList<>();

  private final List<Thread> waiting = new ArrayList<>();

  private final OutboxPlan plan;

  /** What a writer has offered and not finished. */
  private @Nullable Addition offered;

  private int stopsLeft;

  private int delaysLeft;

  private int holds;

  private @Nullable Thread stopping;

  OutboxRun(Choices choices, OutboxPlan plan) {
    this.choices = choices;
    this.plan = plan;
    this.channel = new SteppedPublications(choices, plan.failures());
    this.stopsLeft = plan.stops();
    this.delaysLeft = plan.delays();
    this.outbox =
        new Outbox(
            new KeyEncoder(List.of()),
            new OutboxSettings(false, LONG, 512, plan.room()),
            observer,
            () -> "nonce",
            new Random(1),
            OutboxFixture.noWriters(),
            new OutboxState(lock, LONG, plan.direct(), plan.stall(), System::nanoTime),
            new QuietWriterPause(System::nanoTime, (batch, longest) -> {}, new WriterBursts()));
  }

  void toEnd() {
    start();
    for (List<Runnable> steps = steps(); !steps.isEmpty(); steps = steps()) {
      boolean delay = delaysLeft > 0 && choices.of(2) == 1;
      if (delay) {
        delaySender();
      }
      steps.get(choices.of(steps.size())).run();
      if (!delay || steps().isEmpty()) {
        letSenderGo();
        requireRight();
      }
    }
    assertThat(waiting).as("waiting after %s", choices).isEmpty();
    assertThat(channel.accepted())
        .as("accepted after %s", choices)
        .containsExactlyInAnyOrderElementsOf(written);
    outbox.stop(LONG);
  }

  /** A woken thread waits for the lock. */
  private void delaySender() {
    lock.lock();
    holds++;
    delaysLeft--;
  }

  private void letSenderGo() {
    for (; holds > 0; holds--) {
      lock.unlock();
    }
    comeToRest();
  }

  private void requireRight() {
    assertThat(channel.underWay())
        .as("under way after %s", choices)
        .isLessThanOrEqualTo(channel.isSending() ? 1 : plan.direct());
    int pending = written.size() - channel.accepted().size();
    if (overflows().isEmpty()) {
      assertThat(outbox.pendingKeys()).as("pending after %s", choices).isEqualTo(pending);
    }
    if (mayOverflow()) {
      assertThat(overflows())
          .as("overflows after %s", choices)
          .allMatch(overflow -> overflow.endsWith(OverflowCause.NOT_ACCEPTED.name()));
    } else {
      assertThat(overflows()).as("overflows after %s", choices).isEmpty();
    }
    boolean accepting = outbox.sender() != null && !Stuck.isStuck(outbox) && !plan.stall().isZero();
    if (!accepting || outbox.pendingKeys() <= plan.room()) {
      assertThat(waiting).as("waiting after %s", choices).isEmpty();
    }
  }

  private boolean mayOverflow() {
    return plan.failures() > 0 || plan.stops() > 0 || plan.stall().isZero();
  }

  private List<String> overflows() {
    return observer.publishingEvents().stream()
        .filter(event -> event.startsWith("overflow"))
        .toList();
  }

  private List<Runnable> steps() {
    List<Runnable> steps = channel.steps();
    if (written.size() < plan.writes()) {
      steps.add(this::write);
    }
    if (offered != null) {
      steps.add(this::finish);
    }
    if (stopsLeft > 0 && stopping == null && holds == 0) {
      steps.add(this::beginToStop);
    }
    if (stopping != null && !stopping.isAlive()) {
      steps.add(this::start);
    }
    return steps;
  }

  /** Two keys, of which the second finds no room. */
  private void offer() {
    written.addAll(List.of("c0", "c1"));
    Addition first = new Addition(outbox, stale());
    first.offer();
    offered = first;
    comeToRest();
  }

  private void finish() {
    Addition first = offered;
    offered = null;
    Thread writer = new Thread(() -> finish(first));
    waiting.add(writer);
    writer.start();
    comeToRest();
  }

  private static void finish(@Nullable Addition first) {
    if (first != null) {
      first.finish();
    }
  }

  private void write() {
    if (plan.offers() && written.isEmpty()) {
      offer();
      return;
    }
    String cache = "c" + written.size();
    written.add(cache);
    if (plan.room() == ROOM_FOR_ALL) {
      outbox.add(cache, "key");
    } else {
      Thread writer =
          new Thread(
              written.size() == 1 && !plan.offers() ? twoAtOnce() : () -> outbox.add(cache, "key"));
      waiting.add(writer);
      writer.start();
      comeToRest();
    }
  }

  /** The first write is of two keys, so that it can find no room in the middle. */
  private Runnable twoAtOnce() {
    written.add("c" + written.size());
    List<Invalidation.OfCache<Object>> stale = stale();
    return () -> outbox.addAll(stale);
  }

  private List<Invalidation.OfCache<Object>> stale() {
    return written.stream()
        .<Invalidation.OfCache<Object>>map(each -> Invalidation.keys(each, "key"))
        .toList();
  }

  private void start() {
    stopping = null;
    outbox.start(channel, new BodyWriter("node", "me"));
    comeToRest();
  }

  private void beginToStop() {
    stopsLeft--;
    Thread thread = new Thread(() -> outbox.stop(LONG));
    thread.start();
    stopping = thread;
  }

  /** Until the sender waits for a write, or for an answer, or has ended and was waited for. */
  private void comeToRest() {
    long begin = System.nanoTime();
    for (int look = 1; !isAtRest(); look++) {
      assertThat(System.nanoTime() - begin)
          .as("time without rest after %s", choices)
          .isLessThan(PATIENCE_NANOS);
      if (look % SPINS == 0) {
        LockSupport.parkNanos(1_000); // the sender may need this processor
      }
    }
  }

  private boolean isAtRest() {
    lock.lock();
    try {
      waiting.removeIf(writer -> !writer.isAlive());
      List<Thread> notWoken = lock.notWoken();
      if (!notWoken.containsAll(waiting)) {
        return false;
      }
      boolean senderIsIdle = notWoken.size() > waiting.size();
      boolean told = stopping == null || outbox.sender() == null;
      boolean over = stopping != null && !stopping.isAlive();
      return told && (over || senderIsIdle || channel.isSending());
    } finally {
      lock.unlock();
    }
  }

  /** A lock that knows the threads which wait for one of its conditions and were not woken. */
  private static final class WatchedLock extends ReentrantLock {

    private static final long serialVersionUID = 1L;

    private final transient List<Condition> conditions = new ArrayList<>();

    @Override
    public Condition newCondition() {
      Condition condition = super.newCondition();
      conditions.add(condition);
      return condition;
    }

    List<Thread> notWoken() {
      List<Thread> threads = new ArrayList<>();
      conditions.forEach(condition -> threads.addAll(getWaitingThreads(condition)));
      return threads;
    }
  }
}
