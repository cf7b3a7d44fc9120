package io.github.cacheinvalidation.internal.channel.redis.connection;

import static io.github.cacheinvalidation.internal.channel.redis.connection.ConnectingDriver.ANSWER;
import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.verify;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures end a connection, so that no command gets the reply of another one. */
@Tag("G3")
@Tag("G5")
class ManagedConnectionTest {

  private final ConnectingDriver driver = new ConnectingDriver();
  private final AtomicLong clock = new AtomicLong();
  private final ManagedConnection line =
      new ManagedConnection(
          driver, "own", Duration.ofSeconds(1), Duration.ofMinutes(1), () -> {}, clock::get);

  private Connection use() {
    return line.call("use", connection -> connection);
  }

  private void fail(RuntimeException failure) {
    assertThatThrownBy(
            () ->
                line.call(
                    "failure",
                    connection -> {
                      throw failure;
                    }))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void aReplyThatDidNotCome_endsTheConnection() {
    Connection first = use();

    fail(new IllegalStateException("Injected: timed out"));

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void anErrorInTheMiddleOfAReply_endsTheConnection() {
    Connection first = use();

    assertThatThrownBy(
            () ->
                line.call(
                    "reading",
                    connection -> {
                      throw new InternalError("Injected: a page too large");
                    }))
        .isInstanceOf(InternalError.class);

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void anErrorThatTheServerAnswered_keepsTheConnection() {
    Connection first = use();

    fail(new IllegalStateException(ANSWER + "WRONGTYPE Operation against a key"));

    assertThat(use()).isSameAs(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "READONLY You can't write against a read only replica.",
        "READONLY You can't write against a read only replica. script: 3f2a, on @user_script:14.",
        "ERR Error running script (call to f_3f2a): @user_script:14: @user_script: 14: -READONLY"
            + " You can't write against a read only replica. ",
        "NOREPLICAS Not enough good replicas to write.",
        "LOADING Redis is loading the dataset in memory"
      })
  void anAnswerOfTheWrongServer_endsTheConnectionUnlessItIsFresh(String answer) {
    Connection first = use();
    clock.addAndGet(499_999_999);

    fail(new IllegalStateException(ANSWER + answer));
    assertThat(use()).isSameAs(first);
    clock.addAndGet(1);
    fail(new IllegalStateException(ANSWER + answer));

    verify(first).close();
    assertThat(use()).isNotSameAs(first);
  }

  @Test
  void noAnswerOverAConnectionThatWasThere_isALostConnection() {
    assertThatThrownBy(() -> line.call("first", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(ConnectionLostException.class);
    use();

    assertThatThrownBy(() -> line.call("second", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ConnectionLostException.class);
  }

  @Test
  void aRepeatableCommand_runsAgainOnAFreshConnection() {
    Connection first = use();

    Connection used =
        line.callRepeatable(
            "check", connection -> connection == first ? noAnswer(connection) : connection);

    assertThat(used).isNotSameAs(first);
    verify(first).close();
  }

  @Tag("G8.9")
  @Test
  void aConnectionThatIsStillBeingMade_isUsedByALaterCall() {
    driver.mayConnect = new CountDownLatch(1);
    ManagedConnection impatient =
        new ManagedConnection(
            driver, "own", Duration.ofSeconds(1), Duration.ofMillis(1), () -> {}, clock::get);
    assertThatThrownBy(() -> impatient.call("first", connection -> connection))
        .isInstanceOf(StillConnectingException.class);
    assertThatThrownBy(() -> impatient.call("second", connection -> connection))
        .isInstanceOf(StillConnectingException.class);

    driver.mayConnect.countDown();

    await()
        .ignoreExceptionsInstanceOf(StillConnectingException.class)
        .until(() -> impatient.call("third", connection -> connection) != null);
    assertThat(driver.made).hasSize(1);
  }

  @Test
  void aConnectionThatIsMadeAnew_isWaitedForNoLongerThanTheTimeout() {
    ManagedConnection patient =
        new ManagedConnection(
            driver, "own", Duration.ofMillis(1), Duration.ofMinutes(1), () -> {}, clock::get);
    patient.call("first", connection -> connection);
    assertThatThrownBy(() -> patient.call("second", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ConnectionLostException.class);
    driver.mayConnect = new CountDownLatch(1);

    assertThatThrownBy(() -> patient.call("third", connection -> connection))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(StillConnectingException.class)
        .hasMessageContaining("still being made");

    driver.mayConnect.countDown();
  }

  @Test
  void aConnectionThatTakesThePlaceOfAnother_isWaitedForNoLongerThanTheTimeout() {
    driver.mayConnect = new CountDownLatch(1);
    ManagedConnection replacing =
        new ManagedConnection(
                driver, "own", Duration.ofMillis(1), Duration.ofMinutes(1), () -> {}, clock::get)
            .replace();

    assertThatThrownBy(() -> replacing.call("first", connection -> connection))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(StillConnectingException.class)
        .hasMessageContaining("still being made");

    driver.mayConnect.countDown();
  }

  @Tag("G8.10")
  @Test
  void connectionClosedWhileConnecting_failsTheCallAndClosesTheLateConnection() {
    driver.mayConnect = new CountDownLatch(1);
    ManagedConnection closing =
        new ManagedConnection(
            driver, "own", Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {}, clock::get);
    CompletableFuture<Connection> call =
        CompletableFuture.supplyAsync(
            () -> closing.call("call", connection -> connection), THREAD_PER_TASK);
    await().until(() -> driver.entered.get() == 1);

    closing.close();

    assertThat(call).failsWithin(Duration.ofSeconds(20));
    driver.mayConnect.countDown();
    closing.awaitEnd(Duration.ofSeconds(20));
    verify(driver.made.get(0)).close();
  }

  /** The first call ends only after the second one. */
  @Test
  void callsOverAConcurrentConnection_doNotWaitForEachOther() {
    given(use().isConcurrent()).willReturn(true);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<Connection> first =
        CompletableFuture.supplyAsync(
            () ->
                line.call(
                    "first",
                    connection -> {
                      begun.countDown();
                      awaitUninterruptibly(ended);
                      return connection;
                    }),
            THREAD_PER_TASK);
    awaitUninterruptibly(begun);

    assertThat(line.<Connection>call("second", connection -> connection))
        .isSameAs(driver.made.get(0));
    ended.countDown();

    assertThat(first).succeedsWithin(Duration.ofSeconds(20));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Another call has closed it, and a third one has made a new one. */
  @Test
  void failureOverAConnectionThatWasReplaced_keepsTheNewOne() {
    Connection first = use();
    given(first.isConcurrent()).willReturn(true);

    assertThatThrownBy(
            () ->
                line.call(
                    "slow",
                    connection -> {
                      fail(new IllegalStateException("Injected: timed out"));
                      use();
                      throw new IllegalStateException("Injected: timed out too");
                    }))
        .isInstanceOf(ConnectionLostException.class);

    verify(first).close();
    assertThat(driver.made).hasSize(2);
    assertThat(use()).isSameAs(driver.made.get(1));
  }

  @Test
  void callThatWaitsForTheFirstConnectionOfAnother_isNoFailure() {
    driver.mayConnect = new CountDownLatch(1);
    ManagedConnection slow =
        new ManagedConnection(
            driver, "own", Duration.ofMillis(1), Duration.ofMinutes(1), () -> {}, clock::get);
    CompletableFuture<Connection> first =
        CompletableFuture.supplyAsync(
            () -> slow.call("first", connection -> connection), THREAD_PER_TASK);
    await().until(() -> driver.entered.get() == 1);

    assertThatThrownBy(() -> slow.call("second", connection -> connection))
        .isInstanceOf(StillConnectingException.class);

    driver.mayConnect.countDown();
    assertThat(first).succeedsWithin(Duration.ofSeconds(20));
  }

  @Test
  void silentServerOfACluster_keepsASharedConnectionWhileOthersAnswer() {
    line.share();
    Connection first = use();
    given(first.spansServers()).willReturn(true);
    use();
    clock.addAndGet(Duration.ofSeconds(4).toNanos() - 1);

    assertThatThrownBy(() -> line.call("silent", ManagedConnectionTest::noAnswer))
        .isInstanceOf(SilentServerException.class);
    assertThat(line.<Connection>call("again", connection -> connection)).isSameAs(first);

    clock.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThatThrownBy(() -> line.call("silent", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ConnectionLostException.class);
    verify(first).close();
  }

  @Test
  void silentServer_endsAConnectionThatIsNotSharedOrReachesNoOther() {
    Connection first = use();
    given(first.spansServers()).willReturn(true);
    use();
    assertThatThrownBy(() -> line.call("alone", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ConnectionLostException.class);
    verify(first).close();

    line.share();
    Connection second = use();
    assertThatThrownBy(() -> line.call("one server", ManagedConnectionTest::noAnswer))
        .isInstanceOf(ConnectionLostException.class);
    verify(second).close();
  }

  private static Connection noAnswer(Connection connection) {
    throw new IllegalStateException("Injected: timed out");
  }
}
