package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.Subscriber;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.ChainFields;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A channel with nothing behind it. The test decides the outcome of each publication, the delivered
 * messages, and the entries of the log. Unless told otherwise it accepts every publication at once,
 * and begins none.
 */
public final class ScriptedChannel implements Channel, MessageLog, Feed {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> accepted = new CopyOnWriteArrayList<>();

  private final List<String> tried = new CopyOnWriteArrayList<>();

  private final List<String> nonces = new CopyOnWriteArrayList<>();

  private final Semaphore entered = new Semaphore(0);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  private final Queue<Consumer<@Nullable ChannelException>> begun = new ConcurrentLinkedQueue<>();

  private final List<LogEntry> entries = new CopyOnWriteArrayList<>();

  private final AtomicInteger reads = new AtomicInteger();

  private final List<String> announced = new CopyOnWriteArrayList<>();

  private final List<String> foreign = new CopyOnWriteArrayList<>();

  private final Map<String, Channel> cacheChannels = new ConcurrentHashMap<>();

  private volatile Function<String, @Nullable ChannelException> foreignFailure = name -> null;

  private volatile boolean direct;

  private volatile boolean ownThread = true;

  private volatile @Nullable Subscriber subscriber;

  private volatile @Nullable Semaphore gate;

  private volatile @Nullable RuntimeException failure;

  private volatile @Nullable Error error;

  private volatile Runnable companion = () -> {};

  /** Creates a channel that accepts everything and has an empty log. */
  public ScriptedChannel() {}

  /** Adds a cache channel. */
  public ScriptedChannel with(String name, ScriptedChannel cacheChannel) {
    cacheChannels.put(name, cacheChannel);
    return this;
  }

  // Outcomes of publications

  /**
   * From now on publications can be begun without waiting, and stay under way until {@link #accept}
   * or {@link #decline} is called.
   */
  public ScriptedChannel publishDirectly() {
    direct = true;
    return this;
  }

  /** Accepts the publication that has begun first. */
  public void accept() {
    accepted.add(tried.get(tried.size() - begun.size()));
    begun.remove().accept(null);
  }

  /** Lets the publication that has begun first fail. */
  public void decline(ChannelException reason) {
    begun.remove().accept(reason);
  }

  /** From now on each publication that is waited for waits until it is let through. */
  public ScriptedChannel block() {
    gate = new Semaphore(0);
    return this;
  }

  /** Lets so many publications through. */
  public void letThrough(int publications) {
    Semaphore present = gate;
    if (present != null) {
      present.release(publications);
    }
  }

  /** Ends the blocking, for those that wait too. */
  public void open() {
    Semaphore present = gate;
    gate = null;
    if (present != null) {
      present.release(1_000_000);
    }
  }

  /** From now on publications have no answer. */
  public void fail() {
    failure = new ChannelException("Injected: no answer", null);
  }

  /** From now on the connection is lost with each publication. */
  public void loseConnection() {
    failure = new ConnectionLostException("Injected: forgotten", null);
  }

  /** From now on publications are refused, but announced to the subscribers. */
  public void refuse() {
    failure = new PublicationRefusedException("Injected: refused", null, true);
  }

  /** From now on publications throw an error. */
  public void breakDown() {
    error = new NoClassDefFoundError("Injected");
  }

  /** Does something with each publication. */
  public void withEachPublication(Runnable action) {
    companion = action;
  }

  /** From now on publications are accepted again; those that are blocked stay so. */
  public void heal() {
    failure = null;
    error = null;
    companion = () -> {};
  }

  // Publications

  /** Waits until so many more publications have been tried. */
  public void awaitEntered(int publications) throws InterruptedException {
    if (!entered.tryAcquire(publications, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("Not tried: " + publications + " more than " + tried);
    }
  }

  /** Waits until so many messages are accepted, and returns all that are. */
  public List<String> awaitAccepted(int messages) {
    Awaitility.await().atMost(PATIENCE).until(() -> accepted.size() >= messages);
    return accepted;
  }

  /** Returns the messages that were accepted. */
  public List<String> accepted() {
    return accepted;
  }

  /** Returns all publications, accepted or not. */
  public List<String> tried() {
    return tried;
  }

  /** Returns the messages that were to be announced before the log accepts them. */
  public List<String> announced() {
    return announced;
  }

  /** Returns the nonces of all publications. */
  public List<String> nonces() {
    return nonces;
  }

  /** Returns on which threads publications were tried, in either way. */
  public List<Thread> threads() {
    return threads;
  }

  /** Forgets the publications so far. */
  public void forget() {
    List.of(accepted, tried, nonces, threads).forEach(List::clear);
  }

  // Messages for other programs

  /** Returns the messages for other programs, published or not. */
  public List<String> foreign() {
    return foreign;
  }

  /** Decides the outcome of each message for other programs by the name of its channel. */
  public void answerForeign(Function<String, @Nullable ChannelException> answers) {
    foreignFailure = answers;
  }

  // Deliveries and the log

  /** Delivers a message as it is on the wire, on this thread. */
  public void deliver(byte[] payload, boolean open) {
    Subscriber present = subscriber;
    if (present == null) {
      throw new IllegalStateException("nobody has subscribed");
    }
    present.received(ChainFields.cutOff(payload, open));
  }

  /** From now on it says that the threads on which it delivers are the application's. */
  public void deliverOnThreadsOfTheApplication() {
    ownThread = false;
  }

  /** Returns the entries of the log, regardless of the start position of the read. */
  public List<LogEntry> entries() {
    return entries;
  }

  /** Returns how often the log was read. */
  public int reads() {
    return reads.get();
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
  public Map<String, Channel> cacheChannels() {
    return cacheChannels;
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public boolean tryExecute(Runnable task) {
    if (direct) {
      task.run();
    }
    return direct;
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    if (!direct) {
      return false;
    }
    if (ahead) {
      announced.add(new String(publication.body(), StandardCharsets.UTF_8));
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
  public void publish(String name, byte[] message, Consumer<@Nullable ChannelException> outcome) {
    ChannelException reason = foreignFailure.apply(name);
    foreign.add(name + " " + new String(message, StandardCharsets.UTF_8));
    outcome.accept(reason);
  }

  @Override
  public Tip tip() {
    return new Tip(new Position("0-0", "n"), "server", false);
  }

  @Override
  public LogPage read(Position from, int limit) {
    reads.incrementAndGet();
    return new LogPage(entries, true);
  }

  @Override
  public Subscription subscribe(Subscriber given) {
    subscriber = given;
    given.subscribed();
    return () -> {};
  }

  @Override
  public boolean deliversOnOwnThread() {
    return ownThread;
  }

  @Override
  public void close() {}
}
