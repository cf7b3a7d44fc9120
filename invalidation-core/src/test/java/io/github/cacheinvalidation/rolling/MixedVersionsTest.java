package io.github.cacheinvalidation.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.rolling.NextVersion.Change;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes of the present version and of a next version, on one channel of a real Redis. Each node
 * sees the writes of all others, whichever version wrote them.
 */
@Tag("G7")
@Tag("G7.20")
class MixedVersionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String NUMBERS = "numbers";

  private static final String IDS = "ids";

  /** Named by no message. */
  private static final String OTHERS = "others";

  private static final String END = "end";

  private static final int KEYS = 100;

  private static final int WRITES = 500;

  private final TestRedis redis = TestRedis.started();

  private final Map<Object, Object> database = new ConcurrentHashMap<>();

  private final List<RollingNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(RollingNode::close);
    redis.close();
  }

  private RollingNode present(String name) {
    return joined(new VersionNode(redis.lettuce(), name, database));
  }

  private RollingNode next(NextVersion version, String name) {
    RollingNode node = joined(version.node(redis.lettuce(), name, database));
    assertThat(node.getClass())
        .as("class of a node of the next version")
        .isNotSameAs(VersionNode.class);
    return node;
  }

  private RollingNode joined(RollingNode node) {
    nodes.add(node);
    node.join();
    return node;
  }

  private static Object key(String cache, long number) {
    return cache.equals(IDS) ? new UUID(7, number) : number;
  }

  private void fill(RollingNode node) {
    for (long number = 0; number < KEYS; number++) {
      for (String cache : List.of(NUMBERS, IDS)) {
        Object key = key(cache, number);
        database.putIfAbsent(key, 0);
        node.read(cache, key);
      }
    }
    database.put("other", 0);
    database.put(END, 0);
    node.read(OTHERS, "other");
  }

  private void write(RollingNode node, String cache, Object key, int value) {
    database.put(key, value);
    node.evict(cache, key);
  }

  private void awaitPublished(RollingNode node) {
    await().atMost(PATIENCE).until(() -> node.pendingKeys() == 0);
  }

  private static void awaitGone(RollingNode node, String cache, Object key) {
    await().atMost(PATIENCE).until(() -> !node.holds(cache, key));
  }

  private static boolean isCoherent(RollingNode node, Map<Object, Object> database) {
    boolean coherent = true;
    for (long number = 0; number < KEYS; number++) {
      for (String cache : List.of(NUMBERS, IDS)) {
        Object key = key(cache, number);
        coherent &= Objects.equals(database.get(key), node.read(cache, key));
      }
    }
    return coherent;
  }

  @ParameterizedTest
  @EnumSource
  void writesOfBothVersions_areSeenByAllNodes(Change change) throws InterruptedException {
    NextVersion version = new NextVersion(change);
    RollingNode presentWriter = present("present-1");
    RollingNode nextWriter = next(version, "next-1");
    RollingNode present = present("present-2");
    RollingNode next = next(version, "next-2");
    List<RollingNode> all = List.of(presentWriter, nextWriter, present, next);
    all.forEach(this::fill);
    AtomicBoolean reading = new AtomicBoolean(true);
    List<Thread> readers = all.stream().map(node -> reader(node, reading)).toList();
    Thread one = writer(presentWriter, new Random(1));
    Thread two = writer(nextWriter, new Random(2));
    one.join();
    two.join();
    reading.set(false);
    for (Thread reader : readers) {
      reader.join();
    }

    awaitAllApplied(List.of(presentWriter, nextWriter), all);
    for (RollingNode node : all) {
      await().atMost(PATIENCE).until(() -> isCoherent(node, database));
      assertThat(node.holds(OTHERS, "other")).as("key of a cache that was not written").isTrue();
      assertThat(node.troubles()).isEmpty();
    }
    assertThat(version.replaced()).isEqualTo(version.expected());
    all.forEach(this::assertStaysWarm);
  }

  /** Each writer writes last what all nodes await: messages are applied in order. */
  private void awaitAllApplied(List<RollingNode> writers, List<RollingNode> all) {
    writers.forEach(this::awaitPublished);
    for (RollingNode writer : writers) {
      all.forEach(node -> node.read(END, END));
      writer.evict(END, END);
      all.forEach(node -> awaitGone(node, END, END));
    }
  }

  private void assertStaysWarm(RollingNode node) {
    int clears = node.clears().size();
    int checks = node.checks();
    await().atMost(PATIENCE).until(() -> node.checks() > checks + 5);
    assertThat(node.clears()).as("clears without a write").hasSize(clears);
    for (long number = 0; number < KEYS; number++) {
      assertThat(node.holds(NUMBERS, key(NUMBERS, number))).as("number %d", number).isTrue();
      assertThat(node.holds(IDS, key(IDS, number))).as("id %d", number).isTrue();
    }
  }

  private Thread writer(RollingNode node, Random random) {
    return started(
        () -> {
          for (int i = 1; i <= WRITES; i++) {
            String cache = i % 10 == 0 ? IDS : NUMBERS;
            Object key = key(cache, random.nextInt(KEYS));
            database.merge(key, 1, (before, one) -> (Integer) before + (Integer) one);
            node.evict(cache, key);
          }
        });
  }

  private static Thread reader(RollingNode node, AtomicBoolean reading) {
    return started(
        () -> {
          for (long number = 0; reading.get(); number = (number + 1) % KEYS) {
            node.read(NUMBERS, key(NUMBERS, number));
            node.read(IDS, key(IDS, number));
          }
        });
  }

  private static Thread started(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    return thread;
  }

  @Test
  void newerBody_clearsTheNamedCacheOnceForEachMessage() {
    NextVersion version = new NextVersion(Change.NEWER_BODY);
    RollingNode present = present("present");
    RollingNode next = next(version, "next");
    fill(present);
    fill(next);

    write(next, NUMBERS, 1L, 7);
    awaitGone(present, NUMBERS, 1L);
    write(next, IDS, key(IDS, 1), 7);
    awaitGone(present, IDS, key(IDS, 1));

    assertThat(present.clears()).containsExactly("numbers NEWER_FORMAT", "ids NEWER_FORMAT");
    assertThat(present.holds(OTHERS, "other")).isTrue();

    fill(present);
    write(present, NUMBERS, 1L, 8);
    awaitGone(next, NUMBERS, 1L);
    write(present, NUMBERS, 2L, 8);
    awaitGone(next, NUMBERS, 2L);

    assertThat(next.clears()).isEmpty();
    assertThat(next.holds(NUMBERS, 3L)).isTrue();
  }

  @Test
  void newFormOfKey_clearsTheCacheOfThatKey_andOtherKeysAreEvicted() {
    NextVersion version = new NextVersion(Change.NEW_FORM_OF_KEY);
    RollingNode present = present("present");
    RollingNode next = next(version, "next");
    fill(present);
    fill(next);

    write(next, NUMBERS, 1L, 7);
    awaitGone(present, NUMBERS, 1L);
    assertThat(present.holds(NUMBERS, 2L)).isTrue();
    write(next, IDS, key(IDS, 1), 7);
    awaitGone(present, IDS, key(IDS, 1));
    assertThat(present.clears()).containsExactly("ids UNKNOWN_KEY_TYPE");

    write(present, IDS, key(IDS, 2), 7);
    awaitGone(next, IDS, key(IDS, 2));
    assertThat(next.clears()).containsExactly("ids UNKNOWN_KEY_TYPE");
  }

  @Test
  void newField_isIgnored() {
    NextVersion version = new NextVersion(Change.NEW_FIELD);
    RollingNode present = present("present");
    RollingNode next = next(version, "next");
    fill(present);
    fill(next);

    write(next, IDS, key(IDS, 1), 7);
    awaitGone(present, IDS, key(IDS, 1));
    write(present, IDS, key(IDS, 2), 7);
    awaitGone(next, IDS, key(IDS, 2));

    assertThat(present.holds(IDS, key(IDS, 3))).isTrue();
    assertThat(present.clears()).isEmpty();
    assertThat(next.clears()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void messagesOfBothVersions_areReadFromTheLog(Change change) {
    NextVersion version = new NextVersion(change);
    RollingNode present = present("present");
    RollingNode next = next(version, "next");
    fill(present);
    fill(next);

    assertReadsTheLog(present, "present", next);
    assertReadsTheLog(next, "next", present);
  }

  /** Writes while the subscription of the reader is lost. */
  private void assertReadsTheLog(RollingNode reader, String name, RollingNode writer) {
    int subscriptions = reader.subscriptions();
    reader.failSubscriptions(true);
    assertThat(redis.killClients("invalidation:" + name, "P")).isEqualTo(1);
    for (long number = 0; number < 10; number++) {
      write(writer, NUMBERS, number, 7);
      write(writer, IDS, key(IDS, number), 7);
    }
    awaitPublished(writer);
    reader.failSubscriptions(false);
    await().atMost(PATIENCE).until(() -> reader.subscriptions() > subscriptions);

    await().atMost(PATIENCE).until(() -> isCoherent(reader, database));
    assertThat(reader.replayed()).as("messages read from the log").isPositive();
    assertThat(reader.troubles()).isEmpty();
    assertThat(reader.clears())
        .noneMatch(clear -> clear.endsWith("LOST_MESSAGES") || clear.endsWith("SUSPECTED_LOSS"));
  }
}
