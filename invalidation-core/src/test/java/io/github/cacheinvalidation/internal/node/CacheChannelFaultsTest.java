package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.NodeStatus.State;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which caches a fault of one channel concerns. */
@Tag("G3")
class CacheChannelFaultsTest extends CacheChannelsFixture {

  @Test
  void lostMessageOfOneChannel_isReadFromItsLog() {
    Node writer = node().join();
    Node reader = node().join();
    reader.fill("red", "blue");
    int readsOfOthers = reader.channel.reads();
    reader.reds().drop(1);

    writer.cache("red").evict(1);

    reader.awaitEvicted("red", 1);
    assertThat(reader.reds().dropped()).isEqualTo(1);
    assertThat(reader.channel.reads()).isEqualTo(readsOfOthers);
    assertThat(reader.clearedSinceTheJoin()).isEmpty();
  }

  @Tag("G3.34")
  @Test
  void otherServerOfOneChannel_clearsTheCachesOfThatChannelAlone() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.reds().moveTo("another server");

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("red SUSPECTED_LOSS"));
    reader.awaitState(State.COHERENT);
    assertThat(reader.clearedSinceTheJoin()).containsExactly("red SUSPECTED_LOSS");
    assertThat(reader.holds("blue", 1)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
  }

  @Test
  void otherServerOfTheOwnChannel_clearsNoCacheOfACacheChannel() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.channel.moveTo("another server");

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("green SUSPECTED_LOSS"));
    reader.awaitState(State.COHERENT);
    assertThat(reader.clearedSinceTheJoin()).containsExactly("green SUSPECTED_LOSS");
  }

  /** The other caches are older than their bound then, so they would be cleared too. */
  @Tag("G4.17")
  @Test
  void channelThatDoesNotAnswer_agesTheCachesOfThatChannelAlone() {
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "blue", "green");

    reader.reds().cutOff();

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("red STALENESS_BOUND"));
    assertThat(reader.node.status().state()).isEqualTo(State.CUT_OFF);
    assertThat(reader.node.status().reason()).contains("Channel 'reds'");
    long since = System.nanoTime() + SHORT.toNanos();
    await().atMost(PATIENCE).until(() -> System.nanoTime() - since > 0);
    assertThat(reader.holds("blue", 1)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
    assertThat(reader.clearedSinceTheJoin()).containsOnly("red STALENESS_BOUND");
    reader.reds().heal();
    reader.awaitState(State.COHERENT);
  }

  @Tag("G4")
  @Test
  void ownChannelThatDoesNotAnswer_agesNoCacheOfACacheChannel() {
    Node writer = node().join();
    Node reader = new Node(CHANNELS, SHORT).join();
    reader.fill("red", "green");

    reader.channel.cutOff();

    await()
        .atMost(PATIENCE)
        .until(() -> reader.clearedSinceTheJoin().contains("green STALENESS_BOUND"));
    assertThat(reader.holds("red", 2)).isTrue();
    writer.cache("red").evict(1);
    reader.awaitEvicted("red", 1);
    assertThat(reader.clearedSinceTheJoin()).containsOnly("green STALENESS_BOUND");
  }

  @Test
  void node_joinsWhenAllItsChannelsHaveAnswered() {
    Node reader = node();
    reader.failingChecks = Integer.MAX_VALUE;
    reader.node.start();
    await().atMost(PATIENCE).until(() -> reader.reds().checks() > 2);
    await().atMost(PATIENCE).until(() -> reader.channel.cacheChannel("blues").checks() > 2);
    assertThat(reader.node.status().state()).isEqualTo(State.JOINING);
    assertThat(reader.node.status().reason()).contains("Channel 'reds'");
    assertThat(reader.joined).hasValue(0);

    reader.reds().heal();

    reader.awaitState(State.COHERENT);
    assertThat(reader.joined).hasValue(1);
  }

  @Test
  void lastConfirmation_isThatOfTheLastChannel() {
    Node reader = node().join();
    reader.reds().cutOff();
    Instant cutOff = Instant.now();
    int checks = reader.channel.checks();

    await().atMost(PATIENCE).until(() -> reader.channel.checks() > checks + 5);

    assertThat(reader.node.status().lastConfirmed()).isBefore(cutOff.plus(INTERVAL));
  }
}
