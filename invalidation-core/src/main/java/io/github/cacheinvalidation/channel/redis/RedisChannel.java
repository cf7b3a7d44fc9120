package io.github.cacheinvalidation.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.cacheinvalidation.channel.Channel;
import io.github.cacheinvalidation.channel.ChannelException;
import io.github.cacheinvalidation.channel.LogPage;
import io.github.cacheinvalidation.channel.Publication;
import io.github.cacheinvalidation.channel.PublicationRefusedException;
import io.github.cacheinvalidation.channel.RefusedException;
import io.github.cacheinvalidation.channel.Subscriber;
import io.github.cacheinvalidation.channel.Subscription;
import io.github.cacheinvalidation.channel.Tip;
import io.github.cacheinvalidation.wire.MessageReader;
import io.github.cacheinvalidation.wire.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The channel over a Redis server.
 *
 * <p>It has at most three connections, all its own: one to publish, one to check and read, one for
 * the subscription. They go where the application's connection factory goes, with its credentials
 * and encryption, but have a short timeout, and closing them touches none of the application's.
 * Each is opened when it is first needed and again after it broke, on a thread of its own: to
 * connect, to log in and to be answered may take five seconds each, or the timeout if that is
 * longer. Publishing waits for that no longer than the timeout, a check five seconds for its first
 * connection. Closing waits some two seconds for a connection that is being made; one that is made
 * later is closed at once.
 *
 * <p>A router may forget a connection that is idle, and tell nobody. So each check also looks
 * whether the other two connections were idle for 15 s, and if so asks the server for a sign of
 * life over them.
 *
 * <p>With Lettuce the three connections have one event loop of their own, on which the subscriber
 * is called; with other clients it is called on a daemon thread of this channel. Safe for use by
 * several threads, as {@link Channel} says.
 */
public final class RedisChannel implements Channel {

  private static final byte[] NONE = {};

  /** How long a close waits for connections that are being made, beside the timeout. */
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private static final Duration LIFETIME = Duration.ofDays(7);

  private final WireName name;
  private final byte[] channelBytes;
  private final Topics topics;
  private final Duration timeout;
  private final Supplier<String> nonces;
  private final LongSupplier nanoTime;
  private final Driver driver;
  private final Line publisher;
  private final Line reader;
  private final PublishScript publish;
  private final CheckScript check;
  private final LogReader log;
  private final LogReplacement replacement;
  private final AtomicLong connections = new AtomicLong();
  private final AtomicBoolean subscribedBefore = new AtomicBoolean();
  private final List<RedisSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private boolean closed;

  private RedisChannel(
      Driver driver,
      WireName name,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    this.driver = driver;
    this.name = name;
    this.channelBytes = name.channel().getBytes(UTF_8);
    this.topics = Topics.of(name.channel(), settings.subscriptions());
    this.timeout = settings.timeout();
    this.nonces = nonces;
    this.nanoTime = nanoTime;
    this.publisher = new Line(driver, name.channel(), timeout, timeout, () -> {}, nanoTime);
    this.reader =
        new Line(
            driver,
            name.channel(),
            timeout,
            ConnectTimeout.patience(timeout),
            connections::incrementAndGet,
            nanoTime);
    this.publish = new PublishScript(name, settings, LIFETIME, driver);
    this.check = new CheckScript(name, LIFETIME, driver);
    this.log = new LogReader(name);
    this.replacement = new LogReplacement(name, driver);
  }

  /**
   * Opens a channel. Connects to nothing, so it succeeds while Redis is down.
   *
   * @param application the application's connection factory, of Lettuce, Jedis, or another client;
   *     it is not closed. Connections of another client are asked for from the factory itself, and
   *     the number of its database is taken to be 0
   * @param settings what this node says about the channel
   * @return the channel, to be closed by the caller
   * @throws IllegalArgumentException if channels cannot work with such a factory
   */
  public static Channel open(RedisConnectionFactory application, RedisChannelSettings settings) {
    return open(
        application,
        settings,
        () -> UUID.randomUUID().toString().replace("-", ""),
        System::nanoTime);
  }

  static Channel open(
      RedisConnectionFactory application,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    Drivers.Choice choice = Drivers.choose(application, settings);
    WireName name = WireName.of(settings.channel(), choice.database());
    return new RedisChannel(choice.driver(), name, settings, nonces, nanoTime);
  }

  @Override
  public String name() {
    return name.channel();
  }

  @Override
  public void publish(Publication publication) {
    requireValid(publication);
    try {
      publisher.call(
          "publication",
          connection ->
              replacement.withRoom(
                  connection,
                  () -> {
                    publish.run(connection, publication.nonce(), publication.body());
                    return name;
                  }));
    } catch (RefusalException refused) {
      throw refusal(refused, publication.body());
    }
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return driver.tryExecute(task);
  }

  @Override
  public boolean tryPublish(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    requireValid(publication);
    byte[] announcement = ahead ? announcement(publication) : NONE;
    if (announcement.length == 0 || announcement.length > MessageReader.SHORT_BYTES) {
      return tryAppend(publication, outcome);
    }
    return publisher.tryBegin(
        "announcement",
        connection -> driver.beginPublish(connection, channelBytes, announcement),
        failure -> append(publication, failure, outcome));
  }

  private boolean tryAppend(Publication publication, Consumer<@Nullable ChannelException> outcome) {
    return publisher.tryBegin(
        "publication",
        connection -> publish.begin(driver, connection, publication.nonce(), publication.body()),
        outcome);
  }

  /** Whether the announcement was allowed does not matter, only whether there was an answer. */
  private void append(
      Publication publication,
      @Nullable ChannelException failure,
      Consumer<@Nullable ChannelException> outcome) {
    ChannelException unanswered = failure instanceof RefusedException ? null : failure;
    try {
      if (unanswered == null && tryAppend(publication, outcome)) {
        return;
      }
    } catch (RuntimeException | Error broken) {
      unanswered = new ChannelException("The publication broke after its announcement", broken);
    }
    outcome.accept(
        unanswered != null
            ? unanswered
            : new ChannelException(
                "The publication on channel '" + name.channel() + "' was announced only", null));
  }

  /** The body, with the random id that its position will have as its first field. */
  private static byte[] announcement(Publication publication) {
    byte[] body = publication.body();
    byte[] head = ("{\"ahead\":\"" + publication.nonce() + "\",").getBytes(UTF_8);
    return ByteBuffer.allocate(head.length + body.length - 1)
        .put(head)
        .put(body, 1, body.length - 1)
        .array();
  }

  private static void requireValid(Publication publication) {
    if (!LogNonce.isValid(publication.nonce())) {
      throw new IllegalArgumentException(
          "'nonce' must be 1 to 64 letters, digits, - or _ but was '" + publication.nonce() + "'");
    }
  }

  private PublicationRefusedException refusal(RefusalException refused, byte[] body) {
    ChannelException unannounced = announce(body);
    PublicationRefusedException exception =
        new PublicationRefusedException(
            Objects.requireNonNullElse(refused.getMessage(), refused.answer()),
            refused.getCause(),
            unannounced == null);
    if (unannounced != null) {
      exception.addSuppressed(unannounced);
    }
    return exception;
  }

  /** Publishes without a position; returns why it could not. */
  private @Nullable ChannelException announce(byte[] body) {
    try {
      publisher.call("publication without a position", connection -> announce(connection, body));
      return null;
    } catch (ChannelException alsoRefused) {
      return alsoRefused;
    }
  }

  private Object announce(RedisConnection connection, byte[] body) {
    connection.publish(channelBytes, body);
    return name;
  }

  /** The other two connections are looked at too, so that none is idle for long unnoticed. */
  @Override
  public Tip check() {
    subscriptions.forEach(RedisSubscription::keepAlive);
    publisher.keepAlive();
    CheckScript.Answer answer =
        reader.callRepeatable(
            "check",
            connection ->
                replacement.withRoom(connection, () -> check.run(connection, nonces.get())));
    String serverId =
        answer.serverId().isEmpty() ? "connection-" + connections.get() : answer.serverId();
    return new Tip(answer.tip(), serverId, answer.created());
  }

  @Override
  public LogPage read(Position from, int limit) {
    if (limit < 2) {
      throw new IllegalArgumentException("'limit' must be at least 2 but was " + limit);
    }
    return reader.callRepeatable("reading", connection -> log.read(connection, from, limit));
  }

  @Override
  public boolean deliversOnOwnThread() {
    return driver.deliversOnOwnThread();
  }

  @Override
  public synchronized Subscription subscribe(Subscriber subscriber) {
    if (closed) {
      throw new ChannelException("Channel '" + name.channel() + "' is closed", null);
    }
    subscriptions.removeIf(RedisSubscription::isOver);
    RedisSubscription subscription =
        RedisSubscription.start(
            driver,
            topics,
            subscriber,
            ConnectTimeout.patience(timeout),
            new SignsOfLife(timeout, nanoTime),
            // the first one belongs to the join: it replaces none, so it is no suspicion
            () -> connections.addAndGet(subscribedBefore.getAndSet(true) ? 1 : 0));
    subscriptions.add(subscription);
    return subscription;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    subscriptions.forEach(RedisSubscription::close);
    publisher.close();
    reader.close();
    long deadline = System.nanoTime() + LONGEST_END.plus(timeout).toNanos();
    subscriptions.forEach(subscription -> subscription.awaitEnd(until(deadline)));
    publisher.awaitEnd(until(deadline));
    reader.awaitEnd(until(deadline));
    driver.close();
    subscriptions.forEach(RedisSubscription::abandon);
    publisher.abandon();
    reader.abandon();
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }
}
