package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A connection of Lettuce to a server or a cluster. */
final class LettuceConnection implements Connection {

  private final StatefulConnection<byte[], byte[]> wire;
  private final RedisClusterAsyncCommands<byte[], byte[]> commands;
  private final boolean cluster;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  LettuceConnection(StatefulRedisConnection<byte[], byte[]> wire) {
    this.wire = wire;
    this.commands = wire.async();
    this.cluster = false;
  }

  LettuceConnection(StatefulRedisClusterConnection<byte[], byte[]> wire) {
    this.wire = wire;
    this.commands = wire.async();
    this.cluster = true;
  }

  /** Sets how long a command may take. */
  void setTimeout(Duration timeout) {
    wire.setTimeout(timeout);
  }

  @Override
  public @Nullable Object evalSha(String digest, Reply reply, byte[]... keyAndArguments) {
    return await(
        commands.<Object>evalsha(
            digest, type(reply), key(keyAndArguments), arguments(keyAndArguments)));
  }

  @Override
  public @Nullable Object eval(byte[] script, Reply reply, byte[]... keyAndArguments) {
    return await(
        commands.<Object>eval(
            script, type(reply), key(keyAndArguments), arguments(keyAndArguments)));
  }

  private static ScriptOutputType type(Reply reply) {
    return reply == Reply.LIST ? ScriptOutputType.MULTI : ScriptOutputType.VALUE;
  }

  private static byte[][] key(byte[][] keyAndArguments) {
    return new byte[][] {keyAndArguments[0]};
  }

  private static byte[][] arguments(byte[][] keyAndArguments) {
    return Arrays.copyOfRange(keyAndArguments, 1, keyAndArguments.length);
  }

  @Override
  public void publish(byte[] channel, byte[] message) {
    await(commands.publish(channel, message));
  }

  @Override
  public void shardPublish(byte[] channel, byte[] message) {
    await(commands.spublish(channel, message));
  }

  @Override
  public List<StreamEntry> range(byte[] key, String from, int limit) {
    Range<String> range = Range.from(Range.Boundary.including(from), Range.Boundary.unbounded());
    return entries(await(commands.xrange(key, range, Limit.from(limit))));
  }

  @Override
  public @Nullable StreamEntry newest(byte[] key) {
    return only(await(commands.xrevrange(key, Range.unbounded(), Limit.from(1))));
  }

  @Override
  public Tail after(byte[] key, String id, int limit, Duration wait) {
    Reading reading = read(key, id, limit, wait);
    return new Tail(entries(await(reading.later())), only(await(reading.before())));
  }

  @Override
  public @Nullable CompletionStage<Tail> beginAfter(
      byte[] key, String id, int limit, Duration wait) {
    Reading reading = read(key, id, limit, wait);
    return reading
        .later()
        .thenCombine(reading.before(), (later, before) -> new Tail(entries(later), only(before)));
  }

  private record Reading(
      RedisFuture<List<StreamMessage<byte[], byte[]>>> later,
      RedisFuture<List<StreamMessage<byte[], byte[]>>> before) {}

  /** Sends both commands at once. The server runs the second after the first has its entries. */
  @SuppressWarnings("unchecked") // an array of one generic element, for a varargs parameter
  private Reading read(byte[] key, String id, int limit, Duration wait) {
    return new Reading(
        commands.xread(
            XReadArgs.Builder.block(wait).count(limit), XReadArgs.StreamOffset.from(key, id)),
        commands.xrange(key, Range.create(id, id), Limit.from(1)));
  }

  private static List<StreamEntry> entries(List<StreamMessage<byte[], byte[]>> messages) {
    return messages.stream()
        .map(message -> new StreamEntry(message.getId(), message.getBody()))
        .toList();
  }

  private static @Nullable StreamEntry only(List<StreamMessage<byte[], byte[]>> messages) {
    return messages.isEmpty() ? null : entries(messages).get(0);
  }

  /** Notes the close first: the thread that waits for an answer wakes during it, and closes too. */
  @Override
  public void abort() {
    if (closing.compareAndSet(false, true)) {
      var unused = wire.closeAsync().whenComplete((done, failure) -> closed.complete(null));
    }
  }

  @Override
  public long subscribers(byte[] channel) {
    return await(commands.pubsubNumsub(channel)).values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public String clients() {
    return await(commands.clientList());
  }

  @Override
  public void ping() {
    if (!cluster) {
      await(commands.ping());
    }
  }

  @Override
  public @Nullable CompletionStage<?> beginEvalSha(String digest, byte[]... keyAndArguments) {
    return commands.<Object>evalsha(
        digest, ScriptOutputType.VALUE, key(keyAndArguments), arguments(keyAndArguments));
  }

  @Override
  public @Nullable CompletionStage<?> beginPublish(byte[] channel, byte[] message) {
    return commands.publish(channel, message);
  }

  @Override
  public @Nullable CompletionStage<?> beginShardPublish(byte[] channel, byte[] message) {
    return commands.spublish(channel, message);
  }

  @Override
  public @Nullable CompletionStage<?> beginPing() {
    return cluster ? null : commands.ping();
  }

  @Override
  public boolean isConcurrent() {
    return true;
  }

  @Override
  public boolean spansServers() {
    return cluster;
  }

  private <T> T await(RedisFuture<T> answer) {
    return await(wire, answer);
  }

  /** Waits for an answer, for the timeout of its connection at most. */
  static <T> T await(StatefulConnection<?, ?> wire, RedisFuture<T> answer) {
    return LettuceFutures.awaitOrCancel(answer, wire.getTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Closes once, because the client logs a warning for a connection that is already closing. */
  @Override
  public void close() {
    abort();
    closed
        .copy()
        .completeOnTimeout(null, wire.getTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
