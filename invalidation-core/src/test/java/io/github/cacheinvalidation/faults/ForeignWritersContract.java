package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.ForeignMessageReader;
import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.testing.PlainSubscriber;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that publish {@code products:7} for programs that know only this form. */
abstract class ForeignWritersContract extends RedisFaultsFixture {

  private static final String LAST = "products:99";

  /** Reads what {@link #writer} writes. */
  private static final ForeignMessageReader READER =
      payload -> {
        String[] parts = new String(payload, StandardCharsets.UTF_8).split(":", 2);
        return parts.length < 2 ? null : List.of(Invalidation.keys(parts[0], parts[1]));
      };

  private String old = "old-" + UUID.randomUUID();

  private PlainSubscriber program;

  @BeforeEach
  void subscribe() {
    redis.start();
    program = new PlainSubscriber(redis, old);
    fill(10);
  }

  @AfterEach
  void unsubscribe() {
    program.close();
  }

  private ForeignMessageWriter writer() {
    String target = old;
    return stale ->
        stale instanceof Invalidation.Keys<Object> some
            ? some.keys().stream()
                .map(key -> Message.of(target, stale.cache() + ":" + key))
                .toList()
            : List.of(Message.of(target, stale.cache()));
  }

  private ShopNode writingNode(String name) {
    return node(
            name,
            builder -> builder.foreignWriters(List.of(writer())).foreignReaders(List.of(READER)))
        .join();
  }

  /** Writes a last key, and returns all messages in the old form up to it. */
  private List<String> allAfter(ShopNode writer) {
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    writer.write(99, 1);
    return program.awaitMessage(LAST).stream().filter(each -> !each.startsWith("{")).toList();
  }

  private static List<String> products(long... keys) {
    return LongStream.of(keys).mapToObj(key -> "products:" + key).toList();
  }

  @Test
  void eachWrite_isPublishedOnceByItsOwnNode() {
    ShopNode first = writingNode("first");
    ShopNode second = writingNode("second");
    readAll(first);
    readAll(second);

    first.write(1, 1);
    program.awaitMessage("products:1"); // a clear takes the place of keys that still wait
    second.write(2, 1);
    first.cache().clear();
    first.awaitCoherent();
    second.awaitCoherent();

    assertThat(allAfter(second)).contains("products:1", "products:2", "products").hasSize(4);
    assertThat(allAfter(first)).hasSize(5);
  }

  @Test
  void replayedMessages_areNotPublished() {
    ShopNode deaf = writingNode("deaf");
    ShopNode other = writingNode("other");
    readAll(deaf);
    deaf.channel().deafen();

    for (long key : new long[] {1, 2, 3}) {
      other.write(key, 1);
    }
    deaf.awaitCoherent();

    assertThat(deaf.observer.replayed.get()).isPositive();
    deaf.channel().heal();
    program.awaitMessage("products:3");
    assertThat(allAfter(deaf)).containsExactlyInAnyOrderElementsOf(products(1, 2, 3, 99));
  }

  @Test
  void onTheChannelOfTheNodes_theOldFormIsReadThereAndPublishedOnce() {
    program.close();
    old = channel;
    program = new PlainSubscriber(redis, old);
    ShopNode first = writingNode("first");
    ShopNode second = writingNode("second");
    readAll(first);
    readAll(second);

    first.write(1, 1);
    second.write(2, 1);
    redis.command("PUBLISH", old, "products:3");
    await().atMost(PATIENCE).until(() -> !first.holds(3L) && !second.holds(3L));
    first.awaitCoherent();
    second.awaitCoherent();

    allAfter(second);
    assertThat(allAfter(first)).filteredOn("products:1"::equals).hasSize(1);
    assertThat(program.messages()).filteredOn("products:2"::equals).hasSize(1);
    assertThat(program.messages()).filteredOn("products:3"::equals).hasSize(1);
    assertThat(first.observer.unreadable).hasValue(0);
    assertThat(second.observer.unreadable).hasValue(0);
    assertThat(first.observer.clears()).doesNotContain(ClearReason.INVALIDATED);
    assertThat(first.observer.clearsForLoss()).isEmpty();
  }

  @Test
  void messagesWithoutAnAnswer_arePublishedAgain() {
    ShopNode node = writingNode("node");
    node.channel().failForeignMessages(3);

    node.write(1, 1);

    assertThat(program.awaitMessage("products:1")).containsExactly("products:1");
    assertThat(node.observer.foreignRetries.get()).isPositive();
    assertThat(node.observer.foreignLosses).hasValue(0);
  }

  @Test
  void writesOfAnOutage_arePublishedAfterIt() {
    ShopNode node = writingNode("node");
    program.close();
    redis.stop();
    node.write(1, 1);
    node.write(2, 1);
    await().atMost(PATIENCE).until(() -> node.observer.publicationsFailed.get() > 1);
    node.channel().failPublications(Integer.MAX_VALUE);
    redis.start();
    program = new PlainSubscriber(redis, old);
    node.channel().failPublications(0);

    program.awaitMessage("products:1");
    program.awaitMessage("products:2");
    assertThat(allAfter(node)).hasSize(3);
    assertThat(node.observer.foreignLosses).hasValue(0);
  }

  @Test
  void aKilledConnection_losesNoMessage() {
    ShopNode node = writingNode("node");
    for (long key = 10; key < 40; key++) {
      redis.killClients(node.clientName, "N");
      node.write(key, 1);
    }

    List<String> all = allAfter(node);

    assertThat(all).containsAll(products(LongStream.range(10, 40).toArray()));
    assertThat(node.observer.foreignLosses).hasValue(0);
  }

  @Test
  void aChannelWithoutTheRight_isToldAndHoldsNothingUp() {
    redis.command("ACL", "SETUSER", "default", "resetchannels", "&" + channel);
    ShopNode node = writingNode("node");
    ShopNode reader = node("reader").join();
    readAll(reader);

    node.write(1, 1);

    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> node.observer.foreignLosses.get() == 1);
    assertThat(node.observer.lastForeignFailure())
        .hasMessageContaining("NOPERM")
        .hasMessageContaining("ACL SETUSER <user> &" + old + " +publish");
    assertThat(node.node().pendingKeys()).isZero();
    assertThat(node.observer.publicationsFailed).hasValue(0);
    redis.command("ACL", "SETUSER", "default", "&*");
    program.close(); // Redis has closed its connection, because it had lost the right too
    program = new PlainSubscriber(redis, old);
    assertThat(allAfter(node)).containsExactly(LAST);
  }

  @Test
  void manyKeysAtOnce_areAllPublished() {
    ShopNode node = writingNode("node");
    List<Object> keys = LongStream.range(1_000, 4_000).<Object>mapToObj(Long::valueOf).toList();

    node.node().invalidator().evictAll(ShopNode.CACHE, keys);

    await().atMost(PATIENCE).until(() -> program.messages().size() >= 3_000);
    assertThat(program.messages())
        .containsExactlyInAnyOrderElementsOf(products(LongStream.range(1_000, 4_000).toArray()));
  }
}
