package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import io.github.cacheinvalidation.internal.channel.redis.connection.TopicListener;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The subscriptions of a channel over one connection of Lettuce. */
class SharedSubscriptionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TestRedis redis;

  private static RedisClient client;

  private final List<StatefulRedisPubSubConnection<byte[], byte[]>> connections =
      new CopyOnWriteArrayList<>();

  private final List<Throwable> losses = new CopyOnWriteArrayList<>();

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final SharedSubscriptions subscriptions = new SharedSubscriptions(topic -> connect());

  private CountDownLatch mayConnect = new CountDownLatch(0);

  @BeforeAll
  static void start() {
    redis = TestRedis.started();
    redis.command("ACL", "SETUSER", "some", "on", ">secret", "+@all", "&one", "&two", "&p:*");
    client =
        RedisClient.create(
            RedisURI.Builder.redis(redis.host(), redis.port())
                .withAuthentication("some", "secret")
                .build());
  }

  @AfterAll
  static void stop() {
    client.shutdown(Duration.ZERO, PATIENCE);
    redis.close();
  }

  @AfterEach
  void close() {
    connections.forEach(StatefulRedisPubSubConnection::close);
  }

  private StatefulRedisPubSubConnection<byte[], byte[]> connect() {
    try {
      mayConnect.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    StatefulRedisPubSubConnection<byte[], byte[]> made =
        client.connectPubSub(ByteArrayCodec.INSTANCE);
    connections.add(made);
    return made;
  }

  private Driver.Attachment attach(String topic) {
    TopicListener listener =
        new TopicListener() {
          @Override
          public void onSubscribed() {}

          @Override
          public void onMessage(byte[] channel, byte[] message) {
            heard.add(topic + " " + new String(message, UTF_8));
          }
        };
    return subscriptions.attach(Topic.of(topic), listener, losses::add);
  }

  private void publish(String channel, String message, String... expected) {
    heard.clear();
    redis.command("PUBLISH", channel, message);
    await().atMost(PATIENCE).until(() -> heard.size() == expected.length);
    assertThat(heard).containsExactlyInAnyOrder(expected);
  }

  @Test
  void severalTopics_shareAConnection_andEachHearsItsOwnMessages() {
    attach("one");
    attach("two");
    attach("p:*");

    assertThat(connections).hasSize(1);
    publish("one", "a", "one a");
    publish("two", "b", "two b");
    publish("p:x", "c", "p:* c");
  }

  @Test
  void aRefusedTopic_doesNoHarmToTheOthers() {
    attach("one");

    assertThatThrownBy(() -> attach("secret")).hasMessageContaining("NOPERM");
    assertThatThrownBy(() -> attach("p*")).hasMessageContaining("NOPERM");

    assertThat(losses).as("of the refused topics alone").hasSize(2);
    publish("one", "a", "one a");
    attach("two");
    assertThat(connections).hasSize(1);
  }

  @Test
  void aTopicThatIsSubscribedAgain_getsAnotherConnection_andTheLastOneToLeaveClosesTheOld() {
    Driver.Attachment one = attach("one");
    Driver.Attachment two = attach("two");

    one.close();
    attach("one");

    assertThat(connections).hasSize(2);
    publish("one", "a", "one a");
    publish("two", "b", "two b");
    assertThat(connections.get(0).isOpen()).isTrue();
    two.close();
    await().atMost(PATIENCE).until(() -> !connections.get(0).isOpen());
    assertThat(losses).isEmpty();
  }

  @Test
  void aLostConnection_isALossForEachTopic() {
    List<Driver.Attachment> attached = new ArrayList<>();
    attached.add(attach("one"));
    attached.add(attach("two"));

    redis.command("CLIENT", "KILL", "TYPE", "pubsub");

    await().atMost(PATIENCE).until(() -> losses.size() == 2);
    attached.forEach(Driver.Attachment::close);
    attach("one");
    publish("one", "a", "one a");
    assertThat(connections).hasSize(2);
  }

  @Test
  void topicsThatComeWhileTheConnectionIsMade_waitForIt() throws Exception {
    mayConnect = new CountDownLatch(1);
    List<Thread> threads =
        List.of(new Thread(() -> attach("one"), "one"), new Thread(() -> attach("two"), "two"));
    threads.forEach(Thread::start);
    await()
        .atMost(PATIENCE)
        .until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING));

    mayConnect.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(connections).hasSize(1);
    publish("one", "a", "one a");
    publish("two", "b", "two b");
  }
}
