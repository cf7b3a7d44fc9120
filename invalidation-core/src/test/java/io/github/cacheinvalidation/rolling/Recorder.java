package io.github.cacheinvalidation.rolling;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.PlainSubscriber;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Records what a node of the present version writes for the {@link EarlierKeys}. */
final class Recorder {

  static final String LOG_KEY = "{" + VersionNode.CHANNEL + "}:log";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Recorder() {}

  static Recording record(TestRedis redis) {
    try (PlainSubscriber feed = new PlainSubscriber(redis, VersionNode.CHANNEL)) {
      try (RollingNode node =
          new VersionNode(redis.lettuce(), "shop-1", Map.of(), EarlierKeys.codecs())) {
        writeAll(node);
      }
      List<Recording.Entry> log = log(redis);
      String last = "{\"pos\":\"" + log.get(log.size() - 1).id();
      await()
          .atMost(PATIENCE)
          .until(() -> feed.messages().stream().anyMatch(message -> message.startsWith(last)));
      return new Recording(log, List.copyOf(feed.messages()));
    }
  }

  private static void writeAll(RollingNode node) {
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
}
