package io.github.cacheinvalidation.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The client of a driver is made when it is needed, and ends with the driver. */
class LettuceDriverTests {

  private static final RedisChannelSettings SETTINGS =
      new RedisChannelSettings("channel", "node", 100, 100_000, List.of(), Duration.ofMillis(500));

  private final AtomicInteger read = new AtomicInteger();

  private LettuceDriver driver(int port) {
    LettuceConnectionFactory application =
        new LettuceConnectionFactory(new RedisStandaloneConfiguration("localhost", port)) {
          @Override
          public LettuceClientConfiguration getClientConfiguration() {
            read.incrementAndGet();
            return super.getClientConfiguration();
          }
        };
    read.set(0);
    return new LettuceDriver(application, SETTINGS);
  }

  @Test
  void client_isMadeAtTheFirstConnectionAndServesAll() throws Exception {
    try (TestRedis redis = TestRedis.started();
        LettuceDriver driver = driver(redis.port())) {
      assertThat(driver.tryExecute(() -> {})).as("there is an event loop").isFalse();
      assertThat(read).as("configurations read").hasValue(0);

      RedisConnection one = driver.connect();
      RedisConnection other = driver.connect();

      assertThat(read).as("configurations read").hasValue(1);
      assertThat(driver.tryExecute(() -> {})).as("there is an event loop").isTrue();
      one.close();
      other.close();
    }
  }

  @Test
  void closedDriver_makesNoClientAnyMore() {
    LettuceDriver driver = driver(1);
    driver.close();

    assertThatThrownBy(driver::connect).hasMessage("The channel is closed");
    assertThat(read).as("configurations read").hasValue(0);
  }
}
