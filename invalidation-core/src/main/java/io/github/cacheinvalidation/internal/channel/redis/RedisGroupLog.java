package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorException;
import io.github.cacheinvalidation.internal.channel.redis.script.DeadLetterScript;
import io.github.cacheinvalidation.internal.channel.redis.script.GroupScript;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a Redis channel, read by a consumer group over a connection of its own. Once in each
 * second, and on each new connection, a call of {@link #take} also looks for a lost group, another
 * server, and messages of dead nodes.
 */
final class RedisGroupLog implements GroupLog {

  private static final long CHECK_NANOS = 1_000_000_000;

  private final RedisNames name;
  private final GroupMember member;
  private final Supplier<String> nonces;
  private final LongSupplier nanoTime;
  private final ManagedConnection connection;
  private final GroupScript script;
  private final DeadLetterScript deadLetters;
  private volatile boolean unchecked = true;
  private volatile long checkedAt;

  RedisGroupLog(
      Driver driver,
      RedisNames name,
      Duration timeout,
      GroupMember member,
      Supplier<String> nonces,
      LongSupplier nanoTime) {
    this.name = name;
    this.member = member;
    this.nonces = nonces;
    this.nanoTime = nanoTime;
    this.connection =
        new ManagedConnection(
            driver,
            name.channel(),
            timeout,
            ConnectTimeout.patience(timeout),
            () -> unchecked = true,
            nanoTime);
    this.script = new GroupScript(name, member, driver);
    this.deadLetters = new DeadLetterScript(name, member, driver);
  }

  @Override
  public Taken take(@Nullable Finished finished) {
    try {
      return call(used -> take(used, finished));
    } catch (ServerErrorException refused) {
      if (!refused.answer().contains("NOGROUP")) {
        throw refused;
      }
      unchecked = true;
      return call(used -> take(used, finished));
    }
  }

  private Taken take(Connection used, @Nullable Finished finished) {
    long now = nanoTime.getAsLong();
    boolean check = unchecked || now - checkedAt >= CHECK_NANOS;
    Taken taken = script.take(used, finished, check, nonces.get());
    if (check) {
      checkedAt = now;
      unchecked = false;
    }
    return taken;
  }

  @Override
  public String deadLetters() {
    return name.deadLetterKey(member.group());
  }

  @Override
  public void keep(Entry entry, String reason) {
    call(
        used -> {
          deadLetters.run(used, entry, reason);
          return name;
        });
  }

  @Override
  public void leave(@Nullable Finished finished) {
    call(
        used -> {
          script.leave(used, finished);
          return name;
        });
  }

  private <T> T call(Function<Connection, T> commands) {
    try {
      return connection.call("group '" + member.group() + "'", commands);
    } catch (ServerErrorException refused) {
      throw explained(refused);
    }
  }

  private ChannelException explained(ServerErrorException refused) {
    String answer = refused.answer();
    if (answer.contains("nknown Redis command") || answer.contains("nknown command")) {
      return new RefusedException(
          "Group '"
              + member.group()
              + "' needs Redis 6.2 or newer, because older servers have no XAUTOCLAIM. This server"
              + " answered: "
              + answer
              + ". Update Redis, or remove the InvalidationGroupHandler bean",
          refused);
    }
    if (refused.isForMissingRights()) {
      return new RefusedException(
          "Redis refused group '"
              + member.group()
              + "': "
              + answer
              + ". Give the Redis user the rights that a group needs, beside those of a channel: ACL"
              + " SETUSER <user> ~"
              + name.logKey()
              + ":* +xgroup +xreadgroup +xack +xclaim +xautoclaim +xpending +xinfo",
          refused);
    }
    return refused;
  }

  @Override
  public void close() {
    connection.close();
  }

  /** Waits for the thread that makes the connection. Call this after {@link #close}. */
  void awaitEnd(Duration left) {
    connection.awaitEnd(left);
  }

  /** Interrupts the thread that makes the connection. Call this after the driver is closed. */
  void abandon() {
    connection.abandon();
  }
}
