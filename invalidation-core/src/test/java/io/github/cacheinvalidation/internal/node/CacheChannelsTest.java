package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.FaultyChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over which channels writes travel, and what a node with several channels refuses. */
@Tag("G3")
class CacheChannelsTest extends CacheChannelsFixture {

  @Test
  void write_reachesOtherNodesOverTheChannelOfItsCache() {
    Node writer = node().join();
    Node reader = node().join();
    reader.fill("red", "blue", "green");
    long own = entries("own");
    long reds = entries("reds");

    writer.cache("red").evict(1);
    reader.awaitEvicted("red", 1);
    assertThat(entries("own")).isEqualTo(own);
    assertThat(entries("reds")).isEqualTo(reds + 1);
    writer.cache("blue").clear();
    writer.cache("green").put(2, 7);

    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 2);
    assertThat(entries("own")).isEqualTo(own + 1);
    assertThat(reader.holds("red", 2)).isTrue();
    assertThat(reader.holds("green", 1)).isTrue();
  }

  @Test
  void node_hearsOnlyTheChannelsOfItsCaches() {
    Node writer = node().join();
    Node reader = new Node(Map.of("blue", "blues"), HOUR).join();
    reader.fill("blue", "green");

    writer.cache("red").evict(1);
    writer.cache("blue").evict(1);
    writer.cache("green").evict(1);

    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 1);
    await().atMost(PATIENCE).until(() -> entries("reds") > 1);
    assertThat(reader.applied).containsExactlyInAnyOrder("blue", "green");
  }

  /** A cache that moves to another channel is written on both for a time. */
  @Test
  void message_isAppliedToACacheOfAnotherChannelToo() {
    Node reader = node().join();
    reader.fill("red", "green");

    publish("own", "\"red\":[1]");
    publish("blues", "\"green\":[2]");

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("green", 2);
    assertThat(reader.clearedSinceTheJoin()).isEmpty();
  }

  @Test
  void writesOfAStoppedNode_arePublishedOnTheirChannelsWhenItStartsAgain() {
    Node reader = node().join();
    Node writer = node().join();
    reader.fill("red", "blue", "green");
    writer.node.stop();
    writer.cache("red").evict(1);
    writer.cache("blue").evict(1);
    writer.cache("green").evict(1);

    writer.node.start();

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("blue", 1);
    reader.awaitEvicted("green", 1);
    await().atMost(PATIENCE).until(() -> writer.joined.get() == 2);
  }

  @Test
  void writesBeforeTheClose_arePublishedByIt() {
    Node reader = node().join();
    Node writer = node();
    reader.fill("red", "green");
    writer.cache("red").evict(1);
    writer.cache("green").evict(1);

    writer.close();

    reader.awaitEvicted("red", 1);
    reader.awaitEvicted("green", 1);
  }

  @Test
  void channelWithoutTheCacheChannels_isRefusedAndClosed() {
    FaultyChannel opened = new FaultyChannel(hub.open("own", List.of("reds")));
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder().channel(() -> opened).cacheChannels(CHANNELS).build();

    assertThatIllegalStateException().isThrownBy(node::start).withMessageContaining("[blues]");

    assertThat(node.isRunning()).isFalse();
    assertThat(opened.name()).isEqualTo("own");
    node.close();
  }
}
