package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A log whose server is silent, while another server answers over the shared connections. */
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
}
