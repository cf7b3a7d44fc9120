package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.message.ChainFields;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short message is applied by the thread that delivers it, where that changes nothing else. */
@Tag("G3")
@Tag("G8")
class InlineMessagesTest extends InlineMessagesFixture {

  @Test
  void aShortMessage_isAppliedByTheThreadThatDeliversIt() {
    join();

    server.deliver(message(1, 0, "a"), false);

    assertThat(applied).containsExactly("a");
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void aLongMessage_isLeftToTheReceiver() {
    join();

    server.deliver(message(1, 0, "a".repeat(2000)), false);

    await().atMost(PATIENCE).until(() -> applied.size() == 1);
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aMessageWithoutAPosition_isLeftToTheReceiver() {
    join();

    server.deliver(ReceiverFixture.bytes("{\"cache\":\"a\"}"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aMessageOfAnOpenChannel_isLeftToTheReceiver() {
    join();

    server.deliver(ReceiverFixture.bytes("{\"pos\":\"x\",\"cache\":\"a\"}"), true);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aForeignFormInTheChain_isLeftToTheReceiver() {
    join();

    server.deliver(
        ReceiverFixture.bytes("{\"pos\":\"1-0/n\",\"prev\":\"0-0/n\",\"cache\":\"a\"}"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ahead\":\"x\",\"v\":nope}",
        "{\"ahead\":\"x\",\"v\":12}",
        "{\"pos\":\"\u0001\",\"prev\":\"\",\"v\":1,\"x\":1}",
        "{\"pos\":\"1-0/n\",\"prev\":\"0-0/n\"}",
        "{\"pos\":\"1-0/n"
      })
  void payloadThatMayBeForeign_isNotAShortMessage(String payload) {
    assertThat(ShortMessages.include(ChainFields.cutOff(ReceiverFixture.bytes(payload), false)))
        .isFalse();
  }

  @Test
  void anAnnouncement_isAppliedByTheThreadThatDeliversIt() {
    join();

    server.deliver(
        ReceiverFixture.bytes(
            "{\"ahead\":\"n\",\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"a\":\"*\"}}"),
        false);

    assertThat(applied).containsExactly("a");
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Tag("G8.6")
  @Test
  void manyWithoutAPause_areTheReceiversInTheEnd() {
    join();
    long begin = System.nanoTime();
    int many = 100;

    for (int number = 1; number <= many; number++) {
      now = OptionalLong.of(begin + number * 20_000L);
      server.deliver(message(number, number - 1, "m" + (100 + number)), false);
    }

    await().atMost(PATIENCE).until(() -> applied.size() == many);
    assertThat(applied).isSorted();
    assertThat(threads.get(0)).isSameAs(Thread.currentThread());
    assertThat(threads.subList(40, many)).doesNotContain(Thread.currentThread());
  }

  @Tag("G8.6")
  @Test
  void aThreadOfTheApplication_appliesNothing() {
    server.deliverOnThreadsOfTheApplication();
    join();

    server.deliver(message(1, 0, "a"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Tag("G8.6")
  @Test
  void whileTheReceiverIsBusy_theDeliveringThreadDoesNotWaitAndTheOrderStays() throws Exception {
    join();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    whileApplied =
        () -> {
          busy.countDown();
          awaitUninterruptibly(goOn);
        };
    server.deliver(message(1, 0, "a".repeat(2000)), false);
    assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    server.deliver(message(2, 1, "b"), false);
    server.deliver(message(3, 2, "c"), false);
    assertThat(applied).hasSize(1);
    goOn.countDown();

    await().atMost(PATIENCE).until(() -> applied.size() == 3);
    assertThat(applied.subList(1, 3)).containsExactly("b", "c");
    assertThat(server.reads()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shortAndLongMessages_areAppliedInTheirOrder(long seed) {
    join();
    Random random = new Random(seed);
    int many = 1_500; // all of them fit into the queue

    for (int number = 1; number <= many; number++) {
      String cache = "m" + (10_000 + number) + "x".repeat(random.nextInt(4) == 0 ? 1_000 : 0);
      server.deliver(message(number, number - 1, cache), false);
      if (random.nextInt(16) == 0) {
        LockSupport.parkNanos(1_000);
      }
    }

    await().atMost(PATIENCE).until(() -> applied.size() == many);
    assertThat(applied).isSorted();
    assertThat(server.reads()).isZero();
  }
}
