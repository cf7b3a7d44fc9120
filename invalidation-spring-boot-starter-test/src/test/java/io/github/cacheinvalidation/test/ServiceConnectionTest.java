package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/**
 * A container with {@code @ServiceConnection} decides the address of Redis. Spring Boot makes the
 * connection details; only the container is a {@link LocalRedisContainer}.
 */
class ServiceConnectionTest {

  private static final String PUBSUB = "invalidation.transport=pubsub";

  private static final String NOWHERE = "spring.data.redis.url=redis://127.0.0.1:1";

  /** Runs after the contexts are closed. */
  @AfterAll
  static void stopContainers() {
    ContainerInAField.REDIS.stop();
    ContainerInAFieldAndAnotherAddressInTheProperties.REDIS.stop();
  }

  private static void assertJoined(InvalidationNode node, LocalRedisContainer container)
      throws InterruptedException {
    assertThat(node.awaitJoined(Duration.ofSeconds(60))).as("joined").isTrue();
    assertThat(node.status().server()).startsWith(container.serverId());
  }

  @Nested
  @SpringBootTest(
      classes = RedisNames.class,
      webEnvironment = WebEnvironment.NONE,
      properties = PUBSUB)
  @DirtiesContext
  class ContainerInAField {

    @ServiceConnection static final LocalRedisContainer REDIS = new LocalRedisContainer();

    @Test
    void node_joinsTheRedisOfTheContainer(@Autowired InvalidationNode node)
        throws InterruptedException {
      assertJoined(node, REDIS);
    }
  }

  @Nested
  @SpringBootTest(
      classes = RedisNames.class,
      webEnvironment = WebEnvironment.NONE,
      properties = {PUBSUB, NOWHERE})
  @DirtiesContext
  class ContainerInAFieldAndAnotherAddressInTheProperties {

    @ServiceConnection static final LocalRedisContainer REDIS = new LocalRedisContainer();

    @Test
    void node_joinsTheRedisOfTheContainer(@Autowired InvalidationNode node)
        throws InterruptedException {
      assertJoined(node, REDIS);
    }
  }

  @Nested
  @Testcontainers
  @SpringBootTest(
      classes = RedisNames.class,
      webEnvironment = WebEnvironment.NONE,
      properties = {PUBSUB, NOWHERE})
  @DirtiesContext
  class ContainerThatTheJUnitExtensionStarts {

    @Container @ServiceConnection
    static final LocalRedisContainer REDIS = new LocalRedisContainer();

    @BeforeAll
    static void itRunsBeforeTheContextIsLoaded() {
      assertThat(REDIS.isRunning()).isTrue();
    }

    @Test
    void node_joinsTheRedisOfTheContainer(@Autowired InvalidationNode node)
        throws InterruptedException {
      assertJoined(node, REDIS);
      assertThat(REDIS.starts()).isEqualTo(1);
    }
  }

  @Nested
  @SpringBootTest(
      classes = {RedisNames.class, ContainerBean.class},
      webEnvironment = WebEnvironment.NONE,
      properties = {PUBSUB, NOWHERE})
  @DirtiesContext
  class ContainerThatIsABean {

    @Test
    void node_joinsTheRedisOfTheContainer(
        @Autowired InvalidationNode node, @Autowired LocalRedisContainer redis)
        throws InterruptedException {
      assertJoined(node, redis);
    }
  }

  /** For a bean, Spring Boot does not ask the container for its image. */
  @TestConfiguration(proxyBeanMethods = false)
  @ImportAutoConfiguration(ServiceConnectionAutoConfiguration.class)
  static class ContainerBean {

    @Bean
    @ServiceConnection(name = "redis")
    LocalRedisContainer redis() {
      return new LocalRedisContainer();
    }
  }
}
