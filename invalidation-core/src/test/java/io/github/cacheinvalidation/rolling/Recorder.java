package io.github.cacheinvalidation.rolling;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;

/** Records what a node of the present version writes for the {@link EarlierKeys}. */
final class Recorder extends BinaryJedisPubSub {

  static final String LOG_KEY = "{" + VersionNode.CHANNEL + "}:log";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> feed = new CopyOnWriteArrayList<>();

  private final CountDownLatch subscribed = new CountDownLatch(1);

  static Recording record(TestRedis redis) throws InterruptedException {
    Recorder recorder = new Recorder();
    Thread listener = new Thread(() -> recorder.listen(redis.port()), "recorder");
    listener.start();
    recorder.subscribed.await();
    try (RollingNode node =
        new VersionNode(redis.lettuce(), "shop-1", Map.of(), EarlierKeys.codecs())) {
      node.join();
      EarlierKeys.pairs().forEach((cache, pair) -> write(node, cache, pair.get(0)));
      EarlierKeys.batches().forEach((cache, keys) -> write(node, cache, keys.toArray()));
      write(node, "unwritable", new Object());
      node.clear("whole");
      awaitPublished(node);
      node.stop();
      node.evict("first", 1L);
      node.evict("second", "b");
      node.clear("third");
      node.join();
      awaitPublished(node);
      write(node, "last", 1L);
    }
    List<Recording.Entry> log = log(redis);
    String last = "{\"pos\":\"" + log.get(log.size() - 1).id();
    await()
        .atMost(PATIENCE)
        .until(() -> recorder.feed.stream().anyMatch(message -> message.startsWith(last)));
    recorder.unsubscribe();
    listener.join();
    return new Recording(log, recorder.feed);
  }

  private static void write(RollingNode node, String cache, Object... keys) {
    node.evict(cache, keys);
    awaitPublished(node);
  }

  private static void awaitPublished(RollingNode node) {
    await().atMost(PATIENCE).until(() -> node.pendingKeys() == 0);
  }

  private static List<Recording.Entry> log(TestRedis redis) {
    return ((List<?>) redis.command("XRANGE", LOG_KEY, "-", "+"))
        .stream().map(Recorder::entry).toList();
  }

  private static Recording.Entry entry(Object reply) {
    List<?> entry = (List<?>) reply;
    List<?> fields = (List<?>) entry.get(1);
    return new Recording.Entry(
        (String) entry.get(0),
        (String) fields.get(1),
        (String) fields.get(3),
        (String) fields.get(5));
  }

  private void listen(int port) {
    try (Jedis jedis = new Jedis("127.0.0.1", port, (int) PATIENCE.toMillis())) {
      jedis.subscribe(this, VersionNode.CHANNEL.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void onSubscribe(byte[] channel, int channels) {
    subscribed.countDown();
  }

  @Override
  public void onMessage(byte[] channel, byte[] message) {
    feed.add(new String(message, StandardCharsets.UTF_8));
  }
}
