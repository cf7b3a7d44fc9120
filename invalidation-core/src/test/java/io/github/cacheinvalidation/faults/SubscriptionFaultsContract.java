package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.testing.junit.LeftThreads;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How nodes react to a subscription that is killed, deaf, late or repeatedly renewed. */
@Tag("G3")
abstract class SubscriptionFaultsContract extends RedisFaultsFixture {

  @Tag("G3.1")
  @Test
  void aSubscriberKilledUnderLoad_isHealedByReplayAndClearsNothing() throws InterruptedException {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(100);
    AtomicBoolean writing = new AtomicBoolean(true);
    AtomicInteger rounds = new AtomicInteger();
    Thread load =
        new Thread(
            () -> {
              while (writing.get()) {
                int round = rounds.incrementAndGet();
                database.keySet().forEach(key -> writer.write(key, round));
                readAll(reader);
                await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
              }
            });
    load.start();

    for (int kill = 0; kill < 5; kill++) {
      int subscribed = reader.observer.subscribed.get();
      reader.channel().failSubscriptions(Integer.MAX_VALUE);
      await().atMost(PATIENCE).until(() -> reader.killFeed(redis));
      int round = rounds.get();
      await().atMost(PATIENCE).until(() -> rounds.get() > round + 1);
      reader.channel().failSubscriptions(0);
      await().atMost(PATIENCE).until(() -> reader.observer.subscribed.get() > subscribed);
    }
    writing.set(false);
    load.join();

    reader.awaitCoherent();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(writer.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.replayed.get()).isPositive();
  }

  @Tag("G3.1")
  @Test
  void aSubscriberKilledAgainAndAgainWithoutTraffic_clearsNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(3);
    readAll(reader);

    for (int i = 0; i < 8; i++) {
      int subscribed = reader.observer.subscribed.get();
      await().atMost(PATIENCE).until(() -> reader.killFeed(redis));
      await().atMost(PATIENCE).until(() -> reader.observer.subscribed.get() > subscribed);
    }

    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.holds(1L)).isTrue();
    assertStillCoherent(node("writer").join(), reader);
  }

  @Tag("G3.2")
  @Test
  void aDeafSubscription_isHealedByReplay() {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(50);
    readAll(reader);
    reader.channel().deafen();

    database.keySet().forEach(key -> writer.write(key, 9));

    reader.awaitCoherent();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.replayed.get()).isPositive();
  }

  /** Subscribing fails until the loads and the write between tip and subscription are done. */
  @Tag("G3.6")
  @Test
  void entriesLoadedBeforeTheSubscription_areKeptByTheJoin_andLaterWritesAreReplayed() {
    redis.start();
    ShopNode writer = node("writer").join();
    fill(20);
    ShopNode reader = patientNode("reader");
    reader.failSubscriptionsOfNextStart();
    reader.start();
    await("the first answer was dealt with")
        .atMost(PATIENCE)
        .until(() -> reader.observer.checked.get() > 1);
    readAll(reader);
    writer.write(3, 9);
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    assertThat(reader.observer.joined).hasValue(0);

    reader.channel().failSubscriptions(0);

    await().atMost(PATIENCE).until(() -> reader.observer.joined.get() == 1);
    assertThat(reader.read(3)).isEqualTo(9);
    assertThat(reader.holds(1L)).as("loaded before it was subscribed").isTrue();
    assertThat(reader.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Tag("G9.1")
  @Test
  void tenStartsAndStops_leaveNothingBehind() {
    Set<Thread> before = LeftThreads.ofNodes();
    redis.start();
    fill(3);
    ShopNode node = node("restarting");
    for (int i = 0; i < 10; i++) {
      node.join();
      node.write(1, i);
      node.close();
    }

    redis.awaitNoClientNamed(node.clientName);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(LeftThreads.ofNodesSince(before)).isEmpty());
    assertThat(redis.command("DBSIZE")).isEqualTo("1");
    assertThat(Long.parseLong(redis.command("TTL", log()).toString())).isPositive();
    assertThat(node.observer.joined).hasValue(10);
  }
}
