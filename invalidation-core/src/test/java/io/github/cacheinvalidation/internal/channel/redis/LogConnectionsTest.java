package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import io.github.cacheinvalidation.internal.channel.redis.connection.ServerErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log whose server is silent or isolated, while others answer over the shared connections. */
class LogConnectionsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final AtomicLong clock = new AtomicLong();

  private final List<Connection> made = new ArrayList<>();

  private final Driver driver = mock();

  private final ConnectionPair shared = pair().share();

  private int pairs;

  private final LogConnections log =
      new LogConnections(
          shared,
          () -> {
            pairs++;
            return pair();
          },
          clock::get);

  private ConnectionPair pair() {
    return ConnectionPair.of(driver, "own", TIMEOUT, () -> {}, clock::get);
  }

  private Connection connect() {
    Connection connection = mock();
    given(connection.spansServers()).willReturn(true);
    given(connection.isConcurrent()).willReturn(true);
    made.add(connection);
    return connection;
  }

  private void prepare() {
    given(driver.connect()).willAnswer(call -> connect());
    answerOverTheSharedOnes();
  }

  private void answerOverTheSharedOnes() {
    for (ManagedConnection each : List.of(shared.publisher(), shared.reader())) {
      assertThat(each.<Connection>call("another log", used -> used)).isNotNull();
    }
  }

  private Connection silentOnTheSharedOnes(Connection used) {
    if (made.indexOf(used) < 2) {
      throw new IllegalStateException("Injected: timed out");
    }
    return used;
  }

  @Test
  void log_usesTheSharedConnections() {
    prepare();

    assertThat(log.<Connection>ask("check", used -> used)).isSameAs(made.get(1));
    assertThat(log.<Connection>publish("publication", used -> used)).isSameAs(made.get(0));
    assertThat(pairs).isZero();
  }

  @Test
  void silentServer_isAskedOverAConnectionOfItsOwn_andTheSharedOnesStay() {
    prepare();

    Connection used = log.ask("check", this::silentOnTheSharedOnes);

    assertThat(used).isSameAs(made.get(2));
    assertThat(log.<Connection>ask("check", next -> next)).isSameAs(used);
    assertThat(log.<Connection>publish("publication", next -> next)).isSameAs(made.get(0));
    then(made.get(1)).should(never()).close();
    answerOverTheSharedOnes();
    assertThat(made).hasSize(3);
  }

  @Test
  void silentServer_losesAPublicationThatIsRepeatedOverAConnectionOfItsOwn() {
    prepare();

    assertThatExceptionOfType(ConnectionLostException.class)
        .isThrownBy(() -> log.publish("publication", this::silentOnTheSharedOnes));

    assertThat(log.<Connection>publish("publication", this::silentOnTheSharedOnes))
        .isSameAs(made.get(2));
    assertThat(log.<Connection>ask("check", used -> used)).isSameAs(made.get(1));
  }

  /** A slow first connection is no failure elsewhere; here the server has failed already. */
  @Test
  void ownConnectionThatIsStillBeingMade_isAFailure() {
    prepare();
    CountDownLatch mayConnect = new CountDownLatch(1);
    given(driver.connect())
        .willAnswer(
            call -> {
              mayConnect.await();
              return connect();
            });
    LogConnections slow =
        new LogConnections(
            shared,
            () -> ConnectionPair.of(driver, "own", Duration.ofMillis(1), () -> {}, clock::get),
            clock::get);

    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> slow.ask("check", this::silentOnTheSharedOnes))
        .isNotInstanceOf(StillConnectingException.class)
        .withMessageContaining("still being made");
    assertThatExceptionOfType(ConnectionLostException.class)
        .isThrownBy(() -> slow.publish("publication", this::silentOnTheSharedOnes));
    assertThatExceptionOfType(ChannelException.class)
        .isThrownBy(() -> slow.publish("publication", used -> used))
        .isNotInstanceOf(StillConnectingException.class)
        .withMessageContaining("still being made");

    mayConnect.countDown();
  }

  @Test
  void afterAMinute_aCheckReturnsToTheSharedConnections() {
    prepare();
    assertThat(log.<Connection>ask("check", this::silentOnTheSharedOnes)).isSameAs(made.get(2));
    clock.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(log.<Connection>ask("check", used -> used)).isSameAs(made.get(1));
  }

  @Test
  void afterAMinute_aServerThatIsStillSilentIsAskedAsBefore() {
    prepare();
    assertThat(log.<Connection>ask("check", this::silentOnTheSharedOnes)).isSameAs(made.get(2));
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    answerOverTheSharedOnes();

    assertThat(log.<Connection>ask("check", this::silentOnTheSharedOnes)).isSameAs(made.get(2));

    assertThat(log.<Connection>ask("check", used -> used)).isSameAs(made.get(2));
    assertThat(pairs).isEqualTo(1);
    then(made.get(1)).should(never()).close();
  }

  private static final String ISOLATED = "CLUSTERDOWN The cluster is down";

  private void prepareAnIsolatedMaster() {
    given(driver.answerIn(any())).willReturn(ISOLATED);
    clock.addAndGet(Duration.ofMinutes(1).toNanos()); // so the shared connections are not fresh
    answerOverTheSharedOnes();
  }

  private Connection refusedOnTheSharedOnes(Connection used) {
    if (made.indexOf(used) < 2) {
      throw new IllegalStateException(ISOLATED);
    }
    return used;
  }

  /** The other servers may have a new master already, which only a new connection finds. */
  @Test
  void isolatedMaster_isLeftForAConnectionOfItsOwn_andTheSharedOnesStay() {
    prepare();
    prepareAnIsolatedMaster();

    assertThat(log.<Connection>ask("check", this::refusedOnTheSharedOnes)).isSameAs(made.get(2));
    assertThatExceptionOfType(ServerErrorException.class)
        .isThrownBy(() -> log.publish("publication", this::refusedOnTheSharedOnes));
    assertThat(log.<Connection>publish("publication", this::refusedOnTheSharedOnes))
        .isSameAs(made.get(3));

    then(made.get(0)).should(never()).close();
    then(made.get(1)).should(never()).close();
    answerOverTheSharedOnes();
    assertThat(made).hasSize(4);
  }

  @Test
  void answerOfTheRightServer_leavesTheLogOnTheSharedConnections() {
    prepare();
    prepareAnIsolatedMaster();
    given(driver.answerIn(any())).willReturn("WRONGTYPE Operation against a key");

    assertThatExceptionOfType(ServerErrorException.class)
        .isThrownBy(() -> log.ask("check", this::refusedOnTheSharedOnes));

    assertThat(log.<Connection>ask("check", used -> used)).isSameAs(made.get(1));
    assertThat(pairs).isZero();
  }

  /** So the sender repeats it at once, and reports it only if that fails too. */
  @Test
  void silentServer_losesAPublicationWithoutAWait_asALostConnectionDoes() {
    prepare();
    List<@Nullable ChannelException> outcomes = new ArrayList<>();
    CompletableFuture<Void> answer = new CompletableFuture<>();

    assertThat(log.tryPublish("publication", used -> answer, outcomes::add)).isTrue();
    answer.completeExceptionally(new IllegalStateException("Injected: timed out"));

    assertThat(outcomes).singleElement().isInstanceOf(ConnectionLostException.class);
    assertThat(log.<Connection>publish("publication", used -> used)).isSameAs(made.get(2));
  }
}
