package io.github.cacheinvalidation.internal.channel.redis.springdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** The connection factory of a driver is made when it is needed, and ends with the driver. */
@Tag("G9")
class JedisDriverTest {

  private static final RedisChannelSettings SETTINGS =
      new RedisChannelSettings("channel", "node", 100, 100_000, List.of(), Duration.ofMillis(1));

  /** Jedis asks one Sentinel after the other, and waits five seconds for the answer of each. */
  @Tag("G8.10")
  @Test
  void driverThatIsClosedWhileItAsksASilentSentinel_doesNotWaitForIt() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread connecting;
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
      RedisSentinelConfiguration sentinels =
          new RedisSentinelConfiguration()
              .master("m1")
              .sentinel("localhost", silent.getLocalPort())
              .sentinel(silent.getInetAddress().getHostAddress(), silent.getLocalPort());
      JedisDriver driver = new JedisDriver(new JedisConnectionFactory(sentinels), SETTINGS);
      connecting = new Thread(() -> failure.set(catchThrowable(driver::connect)), "connects");
      connecting.start();
      try (Socket question = silent.accept()) {
        InputStream bytes = question.getInputStream();
        assertThat(bytes.read()).as("a byte of the question").isNotNegative();

        driver.close();

        question.setSoTimeout(1);
        assertThatThrownBy(() -> bytes.transferTo(OutputStream.nullOutputStream()))
            .as("the driver has not hung up, so that its close has not waited for it")
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
    connecting.join();
    assertThat(failure.get()).isNotNull();
  }
}
