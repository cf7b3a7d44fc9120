package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The log of a channel on which the node publishes, a Redis stream. */
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
  private final Supplier<String> unknownServer;
  private final Runnable keepAlive;
  private final LogConnections connections;
  private final boolean sharing;
  private final PublishScript publish;
  private final CheckScript check;
  private final LogReader entries;
  private final LogReplacement replacement;

  /**
   * Creates a log.
   *
   * @param sharing whether the connections are named after another channel
   * @param unknownServer returns the identity of a server that hides it
   * @param keepAlive runs with each check
   */
  RedisLog(
      Driver driver,
      RedisNames name,
      RedisChannelSettings settings,
      Supplier<String> nonces,
      LogConnections connections,
      boolean sharing,
      Supplier<String> unknownServer,
      Runnable keepAlive) {
    this.name = name;
    this.feed = settings.feed();
    this.channelBytes = name.channel().getBytes(UTF_8);
    this.driver = driver;
    this.nonces = nonces;
    this.connections = connections;
    this.sharing = sharing;
    this.unknownServer = unknownServer;
    this.keepAlive = keepAlive;
    this.publish = new PublishScript(name, settings, LIFETIME, driver);
    this.check = new CheckScript(name, LIFETIME, driver);
    this.entries = new LogReader(name);
    this.replacement = new LogReplacement(name, driver);
  }

  @Override
  public void append(Publication publication) {
    requireValid(publication);
    try {
      connections.publish(
          label("publication"),
          connection ->
              replacement.withRoom(
                  connection,
                  () -> {
                    publish.run(connection, publication.nonce(), publication.body());
                    return name;
                  }));
    } catch (ServerErrorException refused) {
      throw refusal(explained("publication", refused), publication.body());
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
    return connections.tryPublish(
        label("announcement"),
        connection -> beginAnnouncing(connection, announcement),
        failure -> beginAnnounced(publication, failure, outcome));
  }

  private @Nullable CompletionStage<?> beginAnnouncing(Connection connection, byte[] message) {
    return feed == FeedKind.SHARDED_PUBSUB
        ? connection.beginShardPublish(channelBytes, message)
        : connection.beginPublish(channelBytes, message);
  }

  private boolean begin(Publication publication, Consumer<@Nullable ChannelException> outcome) {
    return connections.tryPublish(
        label("publication"),
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
      connections.publish(
          label(what),
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
        connections.tryPublish(
            FOREIGN, connection -> connection.beginPublish(target, message), ended);
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

  /**
   * Also checks other connections, so that a dead idle connection is found. Only the own channel of
   * the node tells the listeners: fewer nodes may follow a cache channel.
   */
  @Override
  public Tip tip() {
    keepAlive.run();
    Tip tip =
        asked(
                "check",
                connection ->
                    replacement.withRoom(connection, () -> check.run(connection, nonces.get())))
            .tip(unknownServer);
    return nodesSubscribe() && !sharing ? tip : tip.withoutListeners();
  }

  @Override
  public OptionalInt listeners() {
    return nodesSubscribe() ? publish.listeners() : OptionalInt.empty();
  }

  /** Nodes that read the stream do not subscribe, so the server does not count them. */
  private boolean nodesSubscribe() {
    return feed != FeedKind.STREAM;
  }

  @Override
  public LogPage read(Position from, int limit) {
    if (limit < 2) {
      throw new IllegalArgumentException("'limit' must be at least 2 but was " + limit);
    }
    return asked("read", connection -> entries.read(connection, from, limit));
  }

  private <T> T asked(String what, Function<Connection, T> commands) {
    try {
      return connections.ask(label(what), commands);
    } catch (ServerErrorException refused) {
      throw explained(what, refused);
    }
  }

  /** Messages of a shared connection name another channel. */
  private String label(String what) {
    return sharing ? what + " for '" + name.channel() + "'" : what;
  }

  private ServerErrorException explained(String what, ServerErrorException refused) {
    return sharing ? refused.on(what, name.channel()) : refused;
  }
}
