package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The slot of the log moves between the masters of a Redis Cluster while nodes write. Their
 * commands meet each phase: the old master sends them on for one command ({@code ASK}) or for good
 * ({@code MOVED}), and the new master does not know the scripts ({@code NOSCRIPT}). No command of a
 * node has two keys, so none is told to try again ({@code TRYAGAIN}).
 */
@Tag("G3")
class MovingSlotTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private static final int PRODUCTS = 20;

  private static final int MOVES = 4;

  /** How many keys each writer publishes in each phase, at least. */
  private static final int KEYS = 200;

  /** The keys that are written once, in messages. */
  private static final Pattern ONCE = Pattern.compile("(?:one|two)-\\d+");

  @RegisterExtension final Shop shop = new Shop();

  private final List<Writer> writers = new ArrayList<>();

  @Tag("G3.27")
  @ParameterizedTest
  @EnumSource
  void slotThatMovesUnderLoad_losesNoWrite(Client client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      RedisConnectionFactory factory =
          client == Client.LETTUCE ? cluster.lettuce() : cluster.jedis();
      ShopNode one = node("one", factory, FeedKind.PUBSUB);
      ShopNode two = node("two", factory, FeedKind.PUBSUB);
      ShopNode reader = node("reader", factory, FeedKind.STREAM);
      shop.fill(PRODUCTS);
      shop.readAll(one, two, reader);
      writers.add(new Writer("one", one, 0, two, reader));
      writers.add(new Writer("two", two, 1, one, reader));

      try {
        writers.forEach(Writer::start);
        for (int move = 0; move < MOVES; move++) {
          awaitProgress();
          cluster.servers().forEach(server -> server.command("SCRIPT", "FLUSH"));
          cluster.moveSlotOf(shop.log(), this::awaitProgress);
        }
        awaitProgress();
      } finally {
        writers.forEach(Writer::stop);
      }

      for (Writer writer : writers) {
        assertThat(writer.failure()).isNull();
        Shop.awaitPublished(writer.node);
      }
      assertThat(loggedOnce(cluster)).containsAll(writtenOnce());
      for (ShopNode node : List.of(one, two, reader)) {
        node.awaitCoherent();
      }
    }
  }

  private ShopNode node(String name, RedisConnectionFactory factory, FeedKind feed) {
    return shop.node(name, factory, feed, ShopNode.bounds(LONG, LONG)).join();
  }

  /** Waits until each writer has published more. */
  private void awaitProgress() {
    for (Writer writer : writers) {
      int enough = writer.node.observer.publishedKeys.get() + KEYS;
      await().atMost(PATIENCE).until(() -> writer.node.observer.publishedKeys.get() >= enough);
    }
  }

  private Set<String> writtenOnce() {
    Set<String> written = new HashSet<>();
    for (Writer writer : writers) {
      for (int i = 0; i < writer.writes; i++) {
        written.add(writer.name + "-" + i);
      }
    }
    return written;
  }

  private Set<String> loggedOnce(TestCluster cluster) {
    String log = cluster.masterOf(shop.log()).command("XRANGE", shop.log(), "-", "+").toString();
    Set<String> logged = new HashSet<>();
    ONCE.matcher(log).results().forEach(found -> logged.add(found.group()));
    return logged;
  }

  /** Changes half of the products, and evicts a key for the first and last time with each. */
  private static final class Writer {

    final String name;

    final ShopNode node;

    private final int half;

    private final ShopNode[] readers;

    private final Thread thread;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private volatile boolean stopped;

    private volatile int writes;

    Writer(String name, ShopNode node, int half, ShopNode... readers) {
      this.name = name;
      this.node = node;
      this.half = half;
      this.readers = readers;
      this.thread = new Thread(this::run, "writer " + name);
    }

    void start() {
      thread.start();
    }

    private void run() {
      try {
        for (int i = 0; !stopped; i++) {
          long product = (2L * i + half) % PRODUCTS;
          for (ShopNode reader : readers) {
            reader.read(product);
          }
          node.write(product, i + 1);
          node.cache().evict(name + "-" + i);
          writes = i + 1;
          LockSupport.parkNanos(1_000_000);
        }
      } catch (RuntimeException | Error broken) {
        failure.set(broken);
      }
    }

    /** Waits for the last write. */
    void stop() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Nullable Throwable failure() {
      return failure.get();
    }
  }
}
