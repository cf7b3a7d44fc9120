package io.github.cacheinvalidation.benchmarks;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream over Lettuce: one {@code XADD} for each body, bounded as our log is. A receiver is a
 * thread that waits in {@code XREAD} and applies the bodies.
 */
final class RawStream implements RawWire {

  private static final long MAX_LENGTH = 10_000;

  private static final int PAGE_SIZE = 64;

  private static final long WAIT_MILLIS = 1_000;

  private static final byte[] FIELD = {'m'};

  private final byte[] key = (PREFIX + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
  private final Server server;
  private final StatefulRedisConnection<byte[], byte[]> writer;
  private final List<Thread> threads = new ArrayList<>();
  private final List<StatefulRedisConnection<byte[], byte[]>> readers =
      new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable String> spoiled = new AtomicReference<>();
  private volatile boolean closed;

  RawStream(Server server) {
    this.server = server;
    this.writer = server.connection();
  }

  @Override
  public Future<?> send(byte[] body) {
    XAddArgs bound = XAddArgs.Builder.maxlen(MAX_LENGTH).approximateTrimming();
    return writer.async().xadd(key, bound, FIELD, body);
  }

  /** Reads from the beginning, so that it does not matter when the thread begins. */
  @Override
  public void receive(Consumer<byte[]> target) {
    StatefulRedisConnection<byte[], byte[]> reader = server.connection();
    Thread thread = new Thread(() -> readAll(reader, target), PREFIX + "reader");
    thread.setDaemon(true);
    readers.add(reader);
    threads.add(thread);
    thread.start();
  }

  private void readAll(StatefulRedisConnection<byte[], byte[]> reader, Consumer<byte[]> target) {
    try {
      String last = "0-0";
      while (!closed) {
        for (StreamMessage<byte[], byte[]> entry : read(reader, last)) {
          target.accept(entry.getBody().values().iterator().next());
          last = entry.getId();
        }
      }
    } catch (RuntimeException failure) {
      if (!closed) {
        spoiled.set("a reader of the stream failed: " + failure.getMessage());
      }
    }
  }

  @SuppressWarnings("unchecked") // an array of one generic element, for a varargs parameter
  private List<StreamMessage<byte[], byte[]>> read(
      StatefulRedisConnection<byte[], byte[]> reader, String last) {
    return reader
        .sync()
        .xread(
            XReadArgs.Builder.block(WAIT_MILLIS).count(PAGE_SIZE),
            XReadArgs.StreamOffset.from(key, last));
  }

  @Override
  public void requireValid() {
    String reason = closed ? "the stream is closed" : spoiled.get();
    if (reason != null) {
      throw new VoidRunException(reason);
    }
  }

  @Override
  public void close() {
    closed = true;
    writer.close();
    readers.forEach(StatefulRedisConnection::close);
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
