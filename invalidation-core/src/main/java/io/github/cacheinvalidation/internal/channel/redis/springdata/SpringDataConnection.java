package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;

/** A connection of Spring Data, of any client. Every call waits. */
final class SpringDataConnection implements Connection {

  private final RedisConnection connection;
  private final Runnable abort;

  SpringDataConnection(RedisConnection connection) {
    this(connection, () -> {});
  }

  /**
   * Wraps a connection.
   *
   * @param abort makes a running command of another thread fail
   */
  SpringDataConnection(RedisConnection connection, Runnable abort) {
    this.connection = connection;
    this.abort = abort;
  }

  @Override
  public @Nullable Object evalSha(String digest, Reply reply, byte[]... keyAndArguments) {
    return connection.scriptingCommands().evalSha(digest, type(reply), 1, keyAndArguments);
  }

  @Override
  public @Nullable Object eval(byte[] script, Reply reply, byte[]... keyAndArguments) {
    return connection.scriptingCommands().eval(script, type(reply), 1, keyAndArguments);
  }

  private static ReturnType type(Reply reply) {
    return reply == Reply.LIST ? ReturnType.MULTI : ReturnType.VALUE;
  }

  @Override
  public void publish(byte[] channel, byte[] message) {
    connection.publish(channel, message);
  }

  @Override
  public List<StreamEntry> range(byte[] key, String from, int limit) {
    Range<String> range = Range.rightUnbounded(Range.Bound.inclusive(from));
    List<ByteRecord> records =
        connection.streamCommands().xRange(key, range, Limit.limit().count(limit));
    if (records == null) {
      throw new IllegalStateException("The connection queues commands instead of running them");
    }
    return entries(records);
  }

  private static List<StreamEntry> entries(List<ByteRecord> records) {
    return records.stream()
        .map(entry -> new StreamEntry(entry.getId().getValue(), entry.getValue()))
        .toList();
  }

  @Override
  public @Nullable StreamEntry newest(byte[] key) {
    return only(
        connection.streamCommands().xRevRange(key, Range.unbounded(), Limit.limit().count(1)));
  }

  private static @Nullable StreamEntry only(@Nullable List<ByteRecord> records) {
    return records == null || records.isEmpty() ? null : entries(records).get(0);
  }

  @Override
  @SuppressWarnings("unchecked") // an array of one generic element, for a varargs parameter
  public Tail after(byte[] key, String id, int limit, Duration wait) {
    List<ByteRecord> later =
        connection
            .streamCommands()
            .xRead(
                StreamReadOptions.empty().count(limit).block(wait),
                StreamOffset.create(key, ReadOffset.from(id)));
    List<ByteRecord> before =
        connection.streamCommands().xRange(key, Range.closed(id, id), Limit.limit().count(1));
    return new Tail(later == null ? List.of() : entries(later), only(before));
  }

  @Override
  public void abort() {
    abort.run();
  }

  @Override
  public long subscribers(byte[] channel) {
    Object answer = connection.execute("PUBSUB", bytes("NUMSUB"), channel);
    if (answer instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof Number count) {
      return count.longValue();
    }
    throw new IllegalStateException("This client gave an unexpected answer: " + answer);
  }

  @Override
  public String clients() {
    Object answer = connection.execute("CLIENT", bytes("LIST"));
    if (answer instanceof byte[] text) {
      return new String(text, StandardCharsets.UTF_8);
    }
    throw new IllegalStateException("This client gave an unexpected answer: " + answer);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void ping() {
    if (!(connection instanceof RedisClusterConnection)) {
      connection.ping();
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
