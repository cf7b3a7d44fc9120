package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The end of a connection of Lettuce, which logs a warning if it is closed again. */
class LettuceConnectionTest {

  @SuppressWarnings("unchecked")
  private final StatefulRedisConnection<byte[], byte[]> wire = mock();

  private final LettuceConnection connection = new LettuceConnection(wire);

  @Test
  void close_closesTheWire() {
    givenTheWireCloses();

    connection.close();

    var unused = then(wire).should().closeAsync();
  }

  /** The thread of the node closes the connection, and the stop of the node aborts it. */
  @Test
  void abortAfterAClose_doesNotCloseTheWireAgain() {
    givenTheWireCloses();

    connection.close();
    connection.abort();
    connection.close();

    var unused = then(wire).should().closeAsync();
    then(wire).should(never()).close();
  }

  private void givenTheWireCloses() {
    given(wire.getTimeout()).willReturn(Duration.ofDays(1));
    given(wire.closeAsync()).willReturn(CompletableFuture.completedFuture(null));
  }

  /** The abort ends the answer that the thread awaits, so the thread closes during the abort. */
  @Test
  void close_duringAnAbort_doesNotCloseTheWireAgain() {
    given(wire.getTimeout()).willReturn(Duration.ZERO);
    given(wire.closeAsync())
        .willAnswer(
            call -> {
              connection.close();
              return CompletableFuture.completedFuture(null);
            });

    connection.abort();
    connection.close();

    var unused = then(wire).should().closeAsync();
    then(wire).should(never()).close();
  }
}
