package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorException;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorKind;
import io.github.cacheinvalidation.internal.channel.redis.script.CheckScript;
import io.github.cacheinvalidation.internal.channel.redis.script.LogReader;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a further channel, if there is one. It shares the connection on which the node's own
 * log is read. This node never appends to it. While no log was found, none is created, because the
 * channel may be one of other programs. Once it was found, a check creates it if it is absent, as
 * the checks of the nodes of that channel do.
 */
final class FurtherLog implements MessageLog {

  private static final Logger logger = LoggerFactory.getLogger(FurtherLog.class);

  private final RedisNames name;
  private final LogConnections connections;
  private final CheckScript check;
  private final LogReader entries;
  private final Supplier<String> nonces;
  private final Supplier<String> unknownServer;
  private final Runnable keepFeedAlive;
  private volatile boolean found;
  private boolean toldAbsent;

  /**
   * Creates a log.
   *
   * @param unknownServer returns the identity of a server that hides it
   * @param keepFeedAlive runs with each check
   */
  FurtherLog(
      RedisNames name,
      LogConnections connections,
      CheckScript check,
      Supplier<String> nonces,
      Supplier<String> unknownServer,
      Runnable keepFeedAlive) {
    this.name = name;
    this.connections = connections;
    this.check = check;
    this.entries = new LogReader(name);
    this.nonces = nonces;
    this.unknownServer = unknownServer;
    this.keepFeedAlive = keepFeedAlive;
  }

  @Override
  public @Nullable Tip findTip() {
    if (found) {
      return tip();
    }
    keepFeedAlive.run();
    CheckScript.Answer answer = call("check", connection -> check.find(connection, nonces.get()));
    if (answer == null) {
      tellAbsent();
      return null;
    }
    found = true;
    logger.info(
        "Channel '{}' has a log, the key '{}': this node notices and replays lost messages of that"
            + " channel",
        name.channel(),
        name.logKey());
    return answer.tip(unknownServer).withoutHints();
  }

  private void tellAbsent() {
    if (!toldAbsent) {
      toldAbsent = true;
      logger.info(
          "Channel '{}' has no log, the key '{}': a lost message of that channel is not noticed,"
              + " until a node that publishes there creates the log",
          name.channel(),
          name.logKey());
    }
  }

  /** Without hints, because a node asks its own channel for those. */
  @Override
  public Tip tip() {
    keepFeedAlive.run();
    return call("check", connection -> check.run(connection, nonces.get()))
        .tip(unknownServer)
        .withoutHints();
  }

  @Override
  public LogPage read(Position from, int limit) {
    return call("read", connection -> entries.read(connection, from, limit));
  }

  /** The shared connection does not know the name of this channel, which the remedy needs. */
  private <T> T call(String what, Function<Connection, T> commands) {
    try {
      return connections.ask(what + " for '" + name.channel() + "'", commands);
    } catch (ServerErrorException refused) {
      throw new RefusedException(
          "The "
              + what
              + " on the further channel '"
              + name.channel()
              + "' was refused by Redis: "
              + ServerErrorKind.explained(refused.answer(), name.channel())
              + ". If no node publishes there, write the name in invalidation.subscriptions as a"
              + " pattern, which is never checked: ["
              + name.channel().charAt(0)
              + "]"
              + name.channel().substring(1),
          refused);
    }
  }

  @Override
  public void append(Publication publication) {
    throw new UnsupportedOperationException("A node does not publish on a further channel");
  }
}
