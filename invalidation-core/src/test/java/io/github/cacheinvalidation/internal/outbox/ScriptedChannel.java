package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A channel that only publishes, and does with each publication what the test says. */
final class ScriptedChannel implements MessageLog {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> accepted = new CopyOnWriteArrayList<>();

  private final List<String> tried = new CopyOnWriteArrayList<>();

  private final List<String> nonces = new CopyOnWriteArrayList<>();

  private final Semaphore entered = new Semaphore(0);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  private final Queue<Consumer<@Nullable ChannelException>> begun = new ConcurrentLinkedQueue<>();

  private volatile boolean directPublisher;

  private volatile @Nullable Semaphore gate;

  private volatile @Nullable RuntimeException failure;

  private volatile @Nullable Error error;

  private volatile Runnable companion = () -> {};

  /**
   * From now on publications can be begun without waiting, and stay under way until {@link #accept}
   * or {@link #decline} is called.
   */
  ScriptedChannel directPublisher() {
    directPublisher = true;
    return this;
  }

  /** Accepts the publication that has begun first. */
  void accept() {
    accepted.add(tried.get(tried.size() - begun.size()));
    begun.remove().accept(null);
  }

  /** Lets the publication that has begun fail. */
  void decline(ChannelException reason) {
    begun.remove().accept(reason);
  }

  /** Returns on which threads publications were tried, in either way. */
  List<Thread> threads() {
    return threads;
  }

  /** From now on each publication waits until it is let through. */
  ScriptedChannel block() {
    gate = new Semaphore(0);
    return this;
  }

  void letThrough(int publications) {
    Semaphore present = gate;
    if (present != null) {
      present.release(publications);
    }
  }

  /** Ends the blocking, for those that wait too. */
  void open() {
    Semaphore present = gate;
    gate = null;
    if (present != null) {
      present.release(1_000_000);
    }
  }

  void fail() {
    failure = new ChannelException("Injected: no answer", null);
  }

  /** Loses the connection with each publication. */
  void loseConnection() {
    failure = new ConnectionLostException("Injected: forgotten", null);
  }

  /** Refuses, but announces to those who listen. */
  void refuse() {
    failure = new PublicationRefusedException("Injected: refused", null, true);
  }

  void breakDown() {
    error = new NoClassDefFoundError("Injected");
  }

  /** Does something with each publication. */
  void withEachPublication(Runnable action) {
    companion = action;
  }

  void heal() {
    failure = null;
    error = null;
    companion = () -> {};
  }

  /** Waits until so many more publications have been tried. */
  void awaitEntered(int publications) throws InterruptedException {
    assertThat(entered.tryAcquire(publications, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  List<String> awaitAccepted(int messages) {
    Awaitility.await().atMost(PATIENCE).until(() -> accepted.size() >= messages);
    return accepted;
  }

  List<String> accepted() {
    return accepted;
  }

  /** Returns what was to be published, whether it was accepted or not. */
  List<String> tried() {
    return tried;
  }

  List<String> nonces() {
    return nonces;
  }

  @Override
  public boolean tryExecute(Runnable task) {
    if (directPublisher) {
      task.run();
    }
    return directPublisher;
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    if (!directPublisher) {
      return false;
    }
    enter(publication);
    begun.add(outcome);
    return true;
  }

  private void enter(Publication publication) {
    nonces.add(publication.nonce());
    tried.add(new String(publication.body(), StandardCharsets.UTF_8));
    threads.add(Thread.currentThread());
    entered.release();
    companion.run();
  }

  @Override
  public void append(Publication publication) {
    enter(publication);
    Semaphore present = gate;
    if (present != null) {
      present.acquireUninterruptibly();
    }
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    Error broken = error;
    if (broken != null) {
      throw broken;
    }
    accepted.add(new String(publication.body(), StandardCharsets.UTF_8));
  }

  @Override
  public Tip tip() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogPage read(Position from, int limit) {
    throw new UnsupportedOperationException();
  }
}
