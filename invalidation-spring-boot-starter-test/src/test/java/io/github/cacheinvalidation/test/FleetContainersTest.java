package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.test.annotation.DirtiesContext;

/** A fleet beside containers with {@code @ServiceConnection}. */
class FleetContainersTest {

  /** The containers that a sample has seen. */
  private static final List<LocalRedisContainer> SEEN = new ArrayList<>();

  @AfterEach
  void stopContainers() {
    SEEN.forEach(LocalRedisContainer::stop);
    SEEN.clear();
  }

  @Test
  void containerInAStaticField_isSharedByTheNodes() {
    Samples.pass(ContainerInAField.class);

    assertThat(SEEN).singleElement().extracting(LocalRedisContainer::starts).isEqualTo(1);
  }

  @Test
  void containerThatIsABean_isStartedByEachNode_andStoppedWithIt() {
    Samples.pass(ContainerThatIsABean.class);

    assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
    assertThat(SEEN).extracting(LocalRedisContainer::starts).containsOnly(1);
    assertThat(SEEN).noneMatch(LocalRedisContainer::isRunning);
  }

  /** Returns the id of the server that the Redis of the application has on a node. */
  private static String serverOf(FleetNode node) {
    return ServerId.of(node.bean(RedisConnectionFactory.class));
  }

  private static void assertThatMessagesStayInTheJvm(InvalidationFleet fleet) {
    assertThat(fleet.nodes())
        .allSatisfy(
            node ->
                assertThat(node.status().server())
                    .isNotNull()
                    .doesNotStartWith(serverOf(fleet.node(0)))
                    .doesNotStartWith(serverOf(fleet.node(1))));
    fleet.node(0).bean(Names.class).write(1, "old");
    fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("old");

    fleet.node(0).bean(Names.class).write(1, "new");

    fleet.assertEveryNode(node -> node.bean(Names.class).read(1)).returns("new");
  }

  @SpringBootTest(
      classes = RedisNames.class,
      webEnvironment = WebEnvironment.NONE,
      properties = {"invalidation.transport=pubsub", "spring.data.redis.url=redis://127.0.0.1:1"})
  @CacheFleet
  @DirtiesContext
  static class ContainerInAField {

    @ServiceConnection static final LocalRedisContainer REDIS = new LocalRedisContainer();

    @Test
    void containers(@Autowired InvalidationFleet fleet) {
      SEEN.add(REDIS);
      assertThat(fleet.nodes())
          .extracting(FleetContainersTest::serverOf)
          .containsExactly(REDIS.serverId(), REDIS.serverId());
      assertThatMessagesStayInTheJvm(fleet);
    }
  }

  @SpringBootTest(
      classes = {RedisNames.class, ServiceConnectionTest.ContainerBean.class},
      webEnvironment = WebEnvironment.NONE,
      properties = {"invalidation.transport=pubsub", "spring.data.redis.url=redis://127.0.0.1:1"})
  @CacheFleet
  @DirtiesContext
  static class ContainerThatIsABean {

    @Test
    void containers(@Autowired InvalidationFleet fleet) {
      fleet.nodes().forEach(node -> SEEN.add(node.bean(LocalRedisContainer.class)));
      assertThat(fleet.nodes())
          .extracting(FleetContainersTest::serverOf)
          .containsExactly(SEEN.get(0).serverId(), SEEN.get(1).serverId())
          .doesNotHaveDuplicates();
      assertThatMessagesStayInTheJvm(fleet);
    }
  }
}
