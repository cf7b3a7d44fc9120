package io.github.cacheinvalidation.internal.channel.redis.springdata;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.stream.ByteRecord;

/** A connection of Spring Data, of any client. Every call waits. */
final class SpringDataConnection implements Connection {

  private final RedisConnection connection;

  SpringDataConnection(RedisConnection connection) {
    this.connection = connection;
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
    return records.stream()
        .map(entry -> new StreamEntry(entry.getId().getValue(), entry.getValue()))
        .toList();
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
