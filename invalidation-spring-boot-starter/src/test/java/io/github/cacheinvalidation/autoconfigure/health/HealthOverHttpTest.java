package io.github.cacheinvalidation.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What an orchestrator sees of an application with Actuator while its Redis fails. */
class HealthOverHttpTest {

  private static final Duration GUARD = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void redisDown_leavesAnApplicationWithoutHealthOfRedis_up(String type) {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(redis, type, "management.health.redis.enabled=false")) {
      awaitState(node, State.COHERENT);
      Answer before = get(node, "/actuator/health");
      assertThat(before.code()).isEqualTo(200);
      assertThat(before.text("$.components.invalidation.details.state")).isEqualTo("COHERENT");

      redis.stop();

      awaitState(node, State.CUT_OFF);
      Answer health = get(node, "/actuator/health");
      assertThat(health.code()).isEqualTo(200);
      assertThat(health.text("$.status")).isEqualTo("UP");
      assertThat(health.map("$.components")).doesNotContainKey("redis");
      assertNodeIsUp(health);
      assertProbesAreUp(node);
      assertThat(get(node, "/actuator/health/redis").code()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void redisDown_takesOnlyTheAggregateOfAnApplicationWithHealthOfRedis_down(String type) {
    try (TestRedis redis = TestRedis.started();
        ConfigurableApplicationContext node =
            node(redis, type, "spring.data.redis.timeout=500ms")) {
      awaitState(node, State.COHERENT);
      assertThat(get(node, "/actuator/health").code()).isEqualTo(200);

      redis.stop();

      awaitState(node, State.CUT_OFF);
      Answer health = get(node, "/actuator/health");
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

      Answer health = get(node, "/actuator/health");

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
      awaitState(node, State.COHERENT);
      assertThat(get(node, "/actuator/health/readiness").code()).isEqualTo(200);

      redis.stop();

      awaitState(node, State.CUT_OFF);
      assertThat(get(node, "/actuator/health").text("$.status")).isEqualTo("OUT_OF_SERVICE");
      assertThat(get(node, "/actuator/health/readiness").code()).isEqualTo(503);
      assertThat(get(node, "/actuator/health/liveness").code()).isEqualTo(200);
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
      awaitState(node, State.COHERENT);
      assertThat(get(node, "/actuator/health").code()).isEqualTo(200);

      redis.pause();

      awaitState(node, State.CUT_OFF);
      assertThat(get(node, "/actuator/health").code()).isEqualTo(200);
      assertProbesAreUp(node);
    }
  }

  private void assertProbesAreUp(ConfigurableApplicationContext node) {
    for (String probe : List.of("liveness", "readiness")) {
      Answer answer = get(node, "/actuator/health/" + probe);
      assertThat(answer.code()).as(probe).isEqualTo(200);
      assertThat(answer.text("$.status")).as(probe).isEqualTo("UP");
    }
  }

  private static void awaitState(ConfigurableApplicationContext node, State state) {
    Awaitility.await()
        .atMost(GUARD)
        .until(() -> node.getBean(InvalidationNode.class).status().state() == state);
  }

  private static ConfigurableApplicationContext node(
      TestRedis redis, String client, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.addAll(
        List.of(
            "server.port=0",
            "spring.application.name=shop",
            "spring.main.banner-mode=off",
            "spring.data.redis.host=" + redis.host(),
            "spring.data.redis.port=" + redis.port(),
            "spring.data.redis.client-type=" + client,
            "management.endpoint.health.show-details=always",
            "management.endpoint.health.probes.enabled=true"));
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.SERVLET)
        .run(arguments.stream().map(each -> "--" + each).toArray(String[]::new));
  }

  private Answer get(ConfigurableApplicationContext node, String path) {
    String port = node.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(GUARD)
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException failure) {
      throw new AssertionError(path + ": " + failure, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private record Answer(int code, String body) {

    String text(String path) {
      return JsonPath.read(body, path);
    }

    Map<String, Object> map(String path) {
      return JsonPath.read(body, path);
    }
  }

  /** All that Spring Boot configures, but no database. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class})
  static class Application {}
}
