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
    connection.close();

    then(wire).should().close();
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
