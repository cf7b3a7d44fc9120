package io.github.cacheinvalidation.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.http.WebNodes;
import io.github.cacheinvalidation.autoconfigure.http.WebNodes.Answer;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** What an orchestrator sees of an application with Actuator while its Redis fails. */
class HealthOverHttpTest {

  private static final Duration GUARD = Duration.ofSeconds(60);

  private final WebNodes nodes = new WebNodes();

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void redisDown_leavesAnApplicationWithoutHealthOfRedis_up(String type) {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(redis, type, "management.health.redis.enabled=false")) {
      WebNodes.awaitState(node, State.COHERENT);
      Answer before = nodes.get(node, "/actuator/health");
      assertThat(before.code()).isEqualTo(200);
      assertThat(before.text("$.components.invalidation.details.state")).isEqualTo("COHERENT");

      redis.stop();

      WebNodes.awaitState(node, State.CUT_OFF);
      Answer health = nodes.get(node, "/actuator/health");
      assertThat(health.code()).isEqualTo(200);
      assertThat(health.text("$.status")).isEqualTo("UP");
      assertThat(health.map("$.components")).doesNotContainKey("redis");
      assertNodeIsUp(health);
      assertProbesAreUp(node);
      assertThat(nodes.get(node, "/actuator/health/redis").code()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void redisDown_takesOnlyTheAggregateOfAnApplicationWithHealthOfRedis_down(String type) {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(redis, type, "spring.data.redis.timeout=500ms")) {
      WebNodes.awaitState(node, State.COHERENT);
      assertThat(nodes.get(node, "/actuator/health").code()).isEqualTo(200);

      redis.stop();

      WebNodes.awaitState(node, State.CUT_OFF);
      Answer health = nodes.get(node, "/actuator/health");
      assertThat(health.code()).isEqualTo(503);
      assertThat(health.text("$.components.redis.status")).isEqualTo("DOWN");
      assertNodeIsUp(health);
      assertProbesAreUp(node);
    }
  }

  private static void assertNodeIsUp(Answer health) {
    assertThat(health.text("$.components.invalidation.status")).isEqualTo("UP");
    assertThat(health.map("$.components.invalidation.details"))
        .containsEntry("state", "CUT_OFF")
        .containsEntry("transport", "pubsub")
        .containsEntry("channel", "cache:invalidate:shop")
        .containsEntry("pendingKeys", 0)
        .containsKeys("reason", "since", "lastConfirmed", "server")
        .hasEntrySatisfying(
            "impairments",
            names -> assertThat((List<?>) names).isNotEmpty().allMatch(String.class::isInstance));
  }

  @Test
  void redisThatWasNeverThere_leavesTheApplicationUp() {
    try (TestRedis redis = TestRedis.stopped();
        ConfigurableApplicationContext node =
            node(redis, "lettuce", "management.health.redis.enabled=false")) {
      Awaitility.await()
          .atMost(GUARD)
          .until(
              () ->
                  node.getBean(InvalidationNode.class)
                      .status()
                      .impairments()
                      .contains(Impairment.CHECKS));

      Answer health = nodes.get(node, "/actuator/health");

      assertThat(health.code()).isEqualTo(200);
      assertThat(health.text("$.components.invalidation.details.state")).isEqualTo("JOINING");
      assertProbesAreUp(node);
    }
  }

  @Test
  void nodeThatIsCutOff_isOutOfService_alsoForTheProbeThatIncludesIt_ifTheApplicationWantsIt() {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(
                redis,
                "lettuce",
                "management.health.redis.enabled=false",
                "invalidation.health.out-of-service-when-cut-off=true",
                "management.endpoint.health.group.readiness.include=readinessState,invalidation")) {
      WebNodes.awaitState(node, State.COHERENT);
      assertThat(nodes.get(node, "/actuator/health/readiness").code()).isEqualTo(200);

      redis.stop();

      WebNodes.awaitState(node, State.CUT_OFF);
      assertThat(nodes.get(node, "/actuator/health").text("$.status")).isEqualTo("OUT_OF_SERVICE");
      assertThat(nodes.get(node, "/actuator/health/readiness").code()).isEqualTo(503);
      assertThat(nodes.get(node, "/actuator/health/liveness").code()).isEqualTo(200);
    }
  }

  /** The contributor of Spring Boot would wait here for longer than this test. */
  @Test
  void redisThatDoesNotAnswer_isNotWaitedFor() {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(
                redis,
                "lettuce",
                "management.health.redis.enabled=false",
                "spring.data.redis.timeout=1h")) {
      WebNodes.awaitState(node, State.COHERENT);
      assertThat(nodes.get(node, "/actuator/health").code()).isEqualTo(200);

      redis.pause();

      WebNodes.awaitState(node, State.CUT_OFF);
      assertThat(nodes.get(node, "/actuator/health").code()).isEqualTo(200);
      assertProbesAreUp(node);
    }
  }

  private void assertProbesAreUp(ConfigurableApplicationContext node) {
    for (String probe : List.of("liveness", "readiness")) {
      Answer answer = nodes.get(node, "/actuator/health/" + probe);
      assertThat(answer.code()).as(probe).isEqualTo(200);
      assertThat(answer.text("$.status")).as(probe).isEqualTo("UP");
    }
  }

  private static ConfigurableApplicationContext node(
      TestRedis redis, String client, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("spring.data.redis.client-type=" + client);
    all.add("management.endpoint.health.show-details=always");
    all.add("management.endpoint.health.probes.enabled=true");
    return WebNodes.start(redis, all.toArray(String[]::new));
  }
}
