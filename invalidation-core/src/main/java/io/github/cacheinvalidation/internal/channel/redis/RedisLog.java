package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorException;
import io.github.cacheinvalidation.internal.channel.redis.script.CheckScript;
import io.github.cacheinvalidation.internal.channel.redis.script.LogNonce;
import io.github.cacheinvalidation.internal.channel.redis.script.LogReader;
import io.github.cacheinvalidation.internal.channel.redis.script.LogReplacement;
import io.github.cacheinvalidation.internal.channel.redis.script.PublishScript;
import io.github.cacheinvalidation.internal.message.ChainFields;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log, a Redis stream. One connection appends; another asks for the tip and reads. So appending
 * and reading do not wait for each other.
 */
final class RedisLog implements MessageLog {

  private static final byte[] NONE = {};

  private static final String FOREIGN = "publication for other programs";
  private static final String UNPLACED = "publication without a position";

  static final Duration LIFETIME = Duration.ofDays(7);

  private final RedisNames name;
  private final FeedKind feed;
  private final byte[] channelBytes;
  private final Driver driver;
  private final Supplier<String> nonces;
  private final AtomicLong connections;
  private final Runnable keepFeedAlive;
  private final ManagedConnection publisher;
  private final ManagedConnection reader;
  private final PublishScript publish;
  private final CheckScript check;
  private final LogReader entries;
  private final LogReplacement replacement;

  /**
   * Creates a log that has no connection yet.
   *
   * @param connections counts new connections, after which another server may answer
   * @param keepFeedAlive runs with each check
   */
  RedisLog(
      Driver driver,
      RedisNames name,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LongSupplier nanoTime,
      AtomicLong connections,
      Runnable keepFeedAlive) {
    Duration timeout = settings.timeout();
    this.name = name;
    this.feed = settings.feed();
    this.channelBytes = name.channel().getBytes(UTF_8);
    this.driver = driver;
    this.nonces = nonces;
    this.connections = connections;
    this.keepFeedAlive = keepFeedAlive;
    this.publisher =
        new ManagedConnection(driver, name.channel(), timeout, timeout, () -> {}, nanoTime);
    this.reader =
        new ManagedConnection(
            driver,
            name.channel(),
            timeout,
            ConnectTimeout.patience(timeout),
            connections::incrementAndGet,
            nanoTime);
    this.publish = new PublishScript(name, settings, LIFETIME, driver);
    this.check = new CheckScript(name, LIFETIME, driver);
    this.entries = new LogReader(name);
    this.replacement = new LogReplacement(name, driver);
  }

  @Override
  public void append(Publication publication) {
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
    } catch (ServerErrorException refused) {
      throw refusal(refused, publication.body());
    }
  }

  @Override
  public boolean tryExecute(Runnable task) {
    return driver.tryExecute(task);
  }

  @Override
  public boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    requireValid(publication);
    byte[] announcement =
        ahead && nodesSubscribe() // else they would not hear it
            ? ChainFields.announcement(publication.nonce(), publication.body())
            : NONE;
    if (announcement.length == 0 || announcement.length > MessageReader.SHORT_BYTES) {
      return begin(publication, outcome);
    }
    return publisher.tryBegin(
        "announcement",
        connection -> beginAnnouncing(connection, announcement),
        failure -> beginAnnounced(publication, failure, outcome));
  }

  private @Nullable CompletionStage<?> beginAnnouncing(Connection connection, byte[] message) {
    return feed == FeedKind.SHARDED_PUBSUB
        ? connection.beginShardPublish(channelBytes, message)
        : connection.beginPublish(channelBytes, message);
  }

  private boolean begin(Publication publication, Consumer<@Nullable ChannelException> outcome) {
    return publisher.tryBegin(
        "publication",
        connection -> publish.begin(connection, publication.nonce(), publication.body()),
        outcome);
  }

  /** Appends if the server answered the announcement, even if it refused the announcement. */
  private void beginAnnounced(
      Publication publication,
      @Nullable ChannelException failure,
      Consumer<@Nullable ChannelException> outcome) {
    ChannelException unanswered = failure instanceof RefusedException ? null : failure;
    try {
      if (unanswered == null && begin(publication, outcome)) {
        return;
      }
    } catch (RuntimeException | Error broken) {
      unanswered = new ChannelException("The publication failed after its announcement", broken);
    }
    outcome.accept(
        unanswered != null
            ? unanswered
            : new ChannelException(
                "The publication on channel '"
                    + name.channel()
                    + "' was announced but not appended to the log",
                null));
  }

  private static void requireValid(Publication publication) {
    if (!LogNonce.isValid(publication.nonce())) {
      throw new IllegalArgumentException(
          "'nonce' must be 1 to 64 letters, digits, - or _ but was '" + publication.nonce() + "'");
    }
  }

  private PublicationRefusedException refusal(ServerErrorException refused, byte[] body) {
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

  /** Sends a message to the nodes without a position, and waits. Returns null, or the failure. */
  private @Nullable ChannelException announce(byte[] body) {
    return switch (feed) {
      case PUBSUB -> published(UNPLACED, connection -> connection.publish(channelBytes, body));
      case SHARDED_PUBSUB ->
          published(UNPLACED, connection -> connection.shardPublish(channelBytes, body));
      case STREAM -> new ChannelException("Nodes read the log alone, which refuses", null);
    };
  }

  /** Publishes a message as it is, and waits. Returns null, or the failure. */
  private @Nullable ChannelException published(String what, Consumer<Connection> publishing) {
    try {
      publisher.call(
          what,
          connection -> {
            publishing.accept(connection);
            return name;
          });
      return null;
    } catch (ChannelException failure) {
      return failure;
    }
  }

  @Override
  public void publish(
      String channel, byte[] message, Consumer<@Nullable ChannelException> outcome) {
    byte[] target = channel.getBytes(UTF_8);
    Consumer<@Nullable ChannelException> ended =
        failure -> outcome.accept(failure == null ? null : foreign(failure, channel));
    boolean begun =
        publisher.tryBegin(FOREIGN, connection -> connection.beginPublish(target, message), ended);
    if (!begun) {
      ended.accept(published(FOREIGN, connection -> connection.publish(target, message)));
    }
  }

  /** Returns the failure to publish for other programs. Only a missing right makes it final. */
  private static ChannelException foreign(ChannelException failure, String channel) {
    if (failure instanceof ServerErrorException refused && refused.isForMissingRights()) {
      return new RefusedException(
          "Redis refused a message on channel '"
              + channel
              + "': "
              + refused.answer()
              + ". Give the Redis user the right to publish there: ACL SETUSER <user> &"
              + channel
              + " +publish",
          refused);
    }
    return failure instanceof RefusedException
        ? new ChannelException(String.valueOf(failure.getMessage()), failure)
        : failure;
  }

  /** Also checks the other two connections, so that a dead idle connection is found. */
  @Override
  public Tip tip() {
    keepFeedAlive.run();
    publisher.keepAlive();
    CheckScript.Answer answer =
        reader.callRepeatable(
            "check",
            connection ->
                replacement.withRoom(connection, () -> check.run(connection, nonces.get())));
    String serverId = answer.serverId().isEmpty() ? unknownServer() : answer.serverId();
    return new Tip(
        answer.tip(),
        serverId,
        answer.created(),
        answer.serverMicros(),
        nodesSubscribe() ? answer.listeners() : 0,
        answer.twoMastersPossible());
  }

  @Override
  public OptionalInt listeners() {
    return nodesSubscribe() ? publish.listeners() : OptionalInt.empty();
  }

  /** Nodes that read the stream do not subscribe, so the server does not count them. */
  private boolean nodesSubscribe() {
    return feed != FeedKind.STREAM;
  }

  /** Returns the identity of a server that hides it. */
  String unknownServer() {
    return "connection-" + connections.get();
  }

  @Override
  public LogPage read(Position from, int limit) {
    if (limit < 2) {
      throw new IllegalArgumentException("'limit' must be at least 2 but was " + limit);
    }
    return reader.callRepeatable("read", connection -> entries.read(connection, from, limit));
  }

  /** Returns the connection on which this log is read; its commands may be repeated. */
  ManagedConnection reader() {
    return reader;
  }

  void close() {
    publisher.close();
    reader.close();
  }

  /** Waits for the threads that make connections. Call this after {@link #close}. */
  void awaitEnd(Supplier<Duration> left) {
    publisher.awaitEnd(left.get());
    reader.awaitEnd(left.get());
  }

  /** Interrupts the threads that make connections. Call this after the driver is closed. */
  void abandon() {
    publisher.abandon();
    reader.abandon();
  }
}
