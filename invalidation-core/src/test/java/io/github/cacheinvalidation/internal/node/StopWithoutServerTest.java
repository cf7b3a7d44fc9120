package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.MessageLog;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.testing.FaultyChannel;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a stop waits for a server, with a flush timeout of an hour. */
class StopWithoutServerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalHub hub = new LocalHub();

  private final FaultyChannel channel = new FaultyChannel(hub.open("channel"));

  private final RecordingObserver observer = new RecordingObserver();

  private DefaultInvalidationNode started(ChannelOpener opener) {
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(opener)
            .outbox(new OutboxSettings(false, Duration.ofHours(1), 100, 1000))
            .observer(observer)
            .build();
    node.start();
    return node;
  }

  @Tag("G5.21")
  @Test
  void nodeThatNoServerHasAnswered_stopsAtOnce_andReportsItsWrites() throws InterruptedException {
    channel.cutOff();
    DefaultInvalidationNode node = started(() -> channel);
    node.invalidator().evict("prices", 1);
    awaitUntil(node, Impairment.CHECKS);

    Thread stopping = stop(node);

    stopping.join(PATIENCE.toMillis());
    assertThat(stopping.isAlive()).isFalse();
    assertThat(observer.publishingEvents()).contains("unpublished 1+0");
  }

  @Test
  void nodeThatAServerHasAnswered_waitsForTheServer() throws InterruptedException {
    DefaultInvalidationNode node = started(() -> channel);
    await().atMost(PATIENCE).until(() -> node.status().server() != null);
    channel.cutOff();
    awaitUntil(node, Impairment.CHECKS);
    node.invalidator().evict("prices", 1);
    awaitUntil(node, Impairment.PUBLICATIONS);

    Thread stopping = stop(node);
    await().atMost(PATIENCE).until(() -> node.status().state() == State.STOPPED);
    channel.heal();

    stopping.join(PATIENCE.toMillis());
    assertThat(stopping.isAlive()).isFalse();
    assertThat(observer.publishingEvents()).contains("published 1+0");
  }

  @Test
  void nodeWhoseFirstConnectionIsBeingMade_waitsForIt() throws InterruptedException {
    ConnectingChannel connecting = new ConnectingChannel(channel);
    DefaultInvalidationNode node = started(() -> connecting);
    node.invalidator().evict("prices", 1);
    await().atMost(PATIENCE).until(() -> connecting.checked);

    Thread stopping = stop(node);
    await().atMost(PATIENCE).until(() -> node.status().state() == State.STOPPED);
    connecting.connected = true;

    stopping.join(PATIENCE.toMillis());
    assertThat(stopping.isAlive()).isFalse();
    assertThat(observer.publishingEvents()).contains("published 1+0");
  }

  private static void awaitUntil(DefaultInvalidationNode node, Impairment impairment) {
    await().atMost(PATIENCE).until(() -> node.status().impairments().contains(impairment));
  }

  private static Thread stop(DefaultInvalidationNode node) {
    Thread stopping = new Thread(node::close);
    stopping.setDaemon(true);
    stopping.start();
    return stopping;
  }

  /** A channel whose first connection takes until the test says so. */
  private static final class ConnectingChannel implements Channel, MessageLog {

    private final Channel target;

    private volatile boolean connected;

    private volatile boolean checked;

    ConnectingChannel(Channel target) {
      this.target = target;
    }

    private void requireConnected() {
      if (!connected) {
        throw new StillConnectingException("Injected: still connecting");
      }
    }

    @Override
    public String name() {
      return target.name();
    }

    @Override
    public MessageLog log() {
      return this;
    }

    @Override
    public Feed feed() {
      return target.feed();
    }

    @Override
    public void append(Publication publication) {
      requireConnected();
      target.log().append(publication);
    }

    @Override
    public Tip tip() {
      checked = true;
      requireConnected();
      return target.log().tip();
    }

    @Override
    public LogPage read(Position from, int limit) {
      requireConnected();
      return target.log().read(from, limit);
    }

    @Override
    public void close() {
      target.close();
    }
  }
}
