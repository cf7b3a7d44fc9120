package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * A bean of connection details decides the address of Redis. {@code @ServiceConnection} and the
 * support for Docker Compose declare such a bean.
 */
@SpringBootTest(
    classes = {RedisNames.class, ConnectionDetailsTest.Details.class},
    webEnvironment = WebEnvironment.NONE,
    properties = {"invalidation.transport=pubsub", "spring.data.redis.port=1"})
class ConnectionDetailsTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  @Test
  void node_joinsTheRedisOfTheConnectionDetails(@Autowired InvalidationNode node)
      throws InterruptedException {
    assertThat(node.awaitJoined(Duration.ofSeconds(60))).isTrue();
  }

  /** As {@code @ServiceConnection} declares it for a container. */
  @TestConfiguration(proxyBeanMethods = false)
  static class Details {

    @Bean
    DataRedisConnectionDetails redisOfTheTest() {
      return new DataRedisConnectionDetails() {
        @Override
        public Standalone getStandalone() {
          return Standalone.of(REDIS.host(), REDIS.port());
        }
      };
    }
  }
}
