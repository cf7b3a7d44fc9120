package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.group.GroupListener;
import io.github.cacheinvalidation.internal.group.GroupSettings;
import io.github.cacheinvalidation.internal.group.GroupStatistics;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.ChildJvm;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Nodes whose handlers share the messages of the log. */
@Tag("G10")
class GroupNodesTest extends RedisFaultsFixture {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String GROUP = "search";

  /** What the handlers of all nodes got, as {@code key #attempt}. */
  private final List<String> handled = new CopyOnWriteArrayList<>();

  private final AtomicInteger told = new AtomicInteger();

  @Override
  RedisConnectionFactory factory(TestRedis server) {
    return server.lettuce();
  }

  @BeforeEach
  void startRedis() {
    redis.start();
  }

  private interface Work {
    void on(String key, int attempt) throws Exception;
  }

  private final class Handler implements InvalidationGroupHandler {

    private final Work work;

    Handler(Work work) {
      this.work = work;
    }

    @Override
    public String group() {
      return GROUP;
    }

    @Override
    public void handle(Message message) throws Exception {
      for (Invalidation.OfCache<Key> stale : message.stale()) {
        if (stale instanceof Invalidation.Keys<Key> some) {
          for (Key key : some.keys()) {
            handled.add(key.text() + " #" + message.attempt());
            work.on(key.text(), message.attempt());
          }
        }
      }
    }

    @Override
    public void everythingMayHaveChanged() {
      told.incrementAndGet();
    }
  }

  /** Does not return before it is released, or interrupted. */
  private static final class BlockingWork implements Work {

    final CountDownLatch entered = new CountDownLatch(1);

    final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void on(String key, int attempt) throws InterruptedException {
      entered.countDown();
      released.await();
    }
  }

  private static GroupSettings settings(Duration claimIdleTime, Duration stopTimeout) {
    return new GroupSettings(
        3,
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        claimIdleTime,
        Duration.ofMillis(5),
        stopTimeout,
        10);
  }

  static final GroupSettings PATIENT = settings(Duration.ofMinutes(1), Duration.ofSeconds(30));

  private ShopNode member(String name, GroupSettings settings, Work work) {
    ShopNode node = node(name).join();
    node.node().groups().handle(List.of(new Handler(work)), settings, new GroupListener() {});
    return node;
  }

  private ShopNode member(String name) {
    return member(name, PATIENT, (key, attempt) -> {});
  }

  /** Returns a member whose handler is at work on key 7. */
  private ShopNode memberAtWork(String name, GroupSettings settings, BlockingWork work)
      throws InterruptedException {
    ShopNode node = member(name, settings, work);
    awaitTold(1);
    node.write(7, 1);
    work.entered.await();
    return node;
  }

  /** Writes a key and waits until Redis has accepted it, so that its message holds no other. */
  private static void write(ShopNode node, long key) {
    node.write(key, 1);
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> node.node().isDrained());
  }

  private void awaitTold(int times) {
    await().atMost(PATIENCE).until(() -> told.get() >= times);
  }

  private static GroupStatistics statistics(ShopNode node) {
    return node.node().groups().statistics().get(0);
  }

  private Object pending() {
    return ((List<?>) redis.command("XPENDING", log(), GROUP)).get(0);
  }

  @Tag("G10.1")
  @Test
  void threeNodes_handleEachMessageOnce() {
    List<ShopNode> nodes = List.of(member("a"), member("b"), member("c"));
    awaitTold(1);
    for (long key = 0; key < 60; key++) {
      write(nodes.get((int) key % 3), key);
    }

    await().atMost(PATIENCE).until(() -> handled.size() >= 60);
    assertThat(handled)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, 60).mapToObj(key -> key + " #1").toList());
    assertThat(told).hasValue(1);
    await().atMost(PATIENCE).until(() -> nodes.stream().allMatch(n -> statistics(n).lag() == 0));
    assertThat(nodes.stream().mapToLong(n -> statistics(n).attempts()).sum()).isEqualTo(61);
  }

  @Tag("G10.2")
  @Test
  void nodeWhoseConnectionsEndInItsHandler_isReplacedByAnother() throws InterruptedException {
    BlockingWork work = new BlockingWork();
    GroupSettings quick = settings(Duration.ofMillis(200), Duration.ofSeconds(30));
    ShopNode dying = memberAtWork("dying", quick, work);
    redis.killClients(dying.clientName, "N");

    member("heir", quick, (key, attempt) -> {});

    await().atMost(PATIENCE).until(() -> handled.contains("7 #2"));
    work.released.countDown();
    await().atMost(PATIENCE).until(() -> pending().equals("0"));
    assertThat(handled).containsExactly("7 #1", "7 #2");
  }

  @Tag("G10.2")
  @Test
  void processThatIsKilledInItsHandler_isReplacedByAnotherNode() {
    ShopNode writer = node("writer").join();
    try (ChildJvm process =
        ChildJvm.started(GroupNodeProcess.class, String.valueOf(redis.port()), channel)) {
      process.awaitLine(GroupNodeProcess.TOLD::equals);
      writer.write(7, 1);
      process.awaitLine(GroupNodeProcess.handles("7", 1)::equals);
    }

    member("heir", settings(Duration.ofMillis(200), Duration.ofSeconds(30)), (key, attempt) -> {});

    await().atMost(PATIENCE).until(() -> handled.contains("7 #2"));
    await().atMost(PATIENCE).until(() -> pending().equals("0"));
    assertThat(handled).containsExactly("7 #2");
  }

  @Tag("G10.4")
  @Test
  void handlerThatThrows_isCalledAgain_andThenTheMessageIsKept() {
    ShopNode node =
        member(
            "node",
            PATIENT,
            (key, attempt) -> {
              if (key.equals("7") || (key.equals("8") && attempt == 1)) {
                throw new IllegalStateException("partner is down");
              }
            });
    awaitTold(1);

    write(node, 7);
    write(node, 8);

    await().atMost(PATIENCE).until(() -> statistics(node).deadLetters() == 1);
    await().atMost(PATIENCE).until(() -> handled.contains("8 #2"));
    assertThat(handled).containsExactlyInAnyOrder("7 #1", "7 #2", "7 #3", "8 #1", "8 #2");
    assertThat(statistics(node).failures()).isEqualTo(4);
    assertThat(redis.command("XRANGE", log() + ":" + GROUP + ":dead", "-", "+").toString())
        .contains("\"products\":[7]", "partner is down", "attempts, 3");
    await().atMost(PATIENCE).until(() -> pending().equals("0"));
  }

  @Tag("G10.8")
  @Test
  void redisThatComesBackEmpty_tellsTheGroupOnce_andMessagesGoOn() {
    ShopNode first = member("first");
    ShopNode second = member("second");
    awaitTold(1);

    redis.stop();
    await().atMost(PATIENCE).until(() -> Double.isNaN(statistics(first).lag()));
    redis.start();
    awaitTold(2);
    first.write(7, 1);
    second.write(8, 1);

    await().atMost(PATIENCE).until(() -> handled.containsAll(List.of("7 #1", "8 #1")));
    assertThat(told).hasValue(2);
  }

  @Tag("G10.12")
  @Test
  void nodeWithoutAHandler_sendsNoCommandAndHasNoThread() {
    ShopNode node = node("node").join();
    write(node, 7);

    assertThat(redis.command("INFO", "commandstats").toString())
        .contains("cmdstat_xadd")
        .doesNotContain("xreadgroup", "xautoclaim", "xpending", "xinfo", "xack");
    assertThat(redis.clientsNamed(node.clientName)).hasSizeLessThanOrEqualTo(3);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("cache-invalidation-group"));
    assertThat(node.node().groups().statistics()).isEmpty();
  }

  @Tag("G10.10")
  @Test
  void stop_waitsForTheRunningHandler() throws Exception {
    BlockingWork work = new BlockingWork();
    ShopNode node = memberAtWork("node", PATIENT, work);

    CompletableFuture<Void> stop =
        CompletableFuture.runAsync(() -> node.node().stop(), THREAD_PER_TASK);
    await().atMost(PATIENCE).until(() -> isWaiting("test-task", "awaitEnd"));
    assertThat(stop).isNotDone();
    work.released.countDown();
    stop.get();

    assertThat(pending()).isEqualTo("0");
    assertThat(redis.command("XINFO", "CONSUMERS", log(), GROUP).toString())
        .doesNotContain("node:");
  }

  private static boolean isWaiting(String thread, String method) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals(thread))
        .flatMap(each -> List.of(each.getValue()).stream())
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  @Tag("G10.10")
  @Test
  void stop_interruptsAHandlerThatDoesNotEnd_andTheMessageIsGivenToAnother() throws Exception {
    GroupSettings hasty = settings(Duration.ofMillis(200), Duration.ofMillis(50));
    ShopNode node = memberAtWork("node", hasty, new BlockingWork());

    node.node().stop();
    member("heir", hasty, (key, attempt) -> {});

    await().atMost(PATIENCE).until(() -> handled.contains("7 #2"));
  }

  @Test
  void keys_haveAValueWhereTheirTypeIsUsed() {
    List<@Nullable Object> values = new CopyOnWriteArrayList<>();
    ShopNode node = node("node").join();
    node.read(1);
    node.node()
        .groups()
        .handle(
            List.of(
                new InvalidationGroupHandler() {
                  @Override
                  public String group() {
                    return GROUP;
                  }

                  @Override
                  public void handle(Message message) {
                    message.stale().stream()
                        .map(stale -> (Invalidation.Keys<Key>) stale)
                        .forEach(stale -> values.addAll(new HashSet<>(stale.keys())));
                  }

                  @Override
                  public void everythingMayHaveChanged() {
                    told.incrementAndGet();
                  }
                }),
            PATIENT,
            new GroupListener() {});
    awaitTold(1);

    node.write(7, 1);

    await().atMost(PATIENCE).until(() -> !values.isEmpty());
    assertThat(values).containsExactly(new InvalidationGroupHandler.Key("7", 7L));
  }

  @Test
  void groupsOfOneNode_haveDifferentValidNames() {
    ShopNode node = node("node");
    Handler handler = new Handler((key, attempt) -> {});

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                node.node()
                    .groups()
                    .handle(List.of(handler, handler), PATIENT, new GroupListener() {}))
        .withMessageContaining("'group'")
        .withMessageContaining("both are search");
  }
}
