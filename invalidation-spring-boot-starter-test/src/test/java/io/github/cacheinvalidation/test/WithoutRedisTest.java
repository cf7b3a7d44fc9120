package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** A test of an application whose Redis is not there. */
@ExtendWith(OutputCaptureExtension.class)
class WithoutRedisTest {

  @Timeout(60)
  @Test
  void context_closesWithoutAWaitForRedis(CapturedOutput output) {
    ConfigurableApplicationContext context =
        run(
            "--invalidation.transport=pubsub",
            "--invalidation.publish.timeout=1h",
            "--spring.data.redis.port=1");
    context.getBean(Names.class).write(1, "new");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                context
                    .getBean(InvalidationNode.class)
                    .status()
                    .impairments()
                    .contains(Impairment.CHECKS));

    context.close();

    assertThat(warnings(output))
        .hasSize(2)
        .first()
        .asString()
        .contains("Not connected to the channel yet");
    assertThat(warnings(output).get(1))
        .contains("Stopped with 1 keys and 0 whole caches not published");
  }

  /** No attempt to connect has ended yet, so the start has waited for none. */
  @Timeout(60)
  @Test
  void context_startsWithoutAWaitForAServerThatDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConfigurableApplicationContext context =
            run(
                "--invalidation.transport=pubsub",
                "--spring.data.redis.host=" + silent.getInetAddress().getHostAddress(),
                "--spring.data.redis.port=" + silent.getLocalPort())) {
      NodeStatus status = context.getBean(InvalidationNode.class).status();

      assertThat(status.state()).isEqualTo(State.JOINING);
      assertThat(status.impairments()).isEmpty();
    }
  }

  @Test
  void contextWithTheLocalTransport_warnsOfNothing(CapturedOutput output) {
    try (ConfigurableApplicationContext context =
        run("--invalidation.transport=local", "--spring.data.redis.port=1")) {
      context.getBean(Names.class).write(1, "new");
    }

    assertThat(warnings(output)).isEmpty();
  }

  private static ConfigurableApplicationContext run(String... arguments) {
    return new SpringApplicationBuilder(RedisNames.class)
        .web(WebApplicationType.NONE)
        .properties("spring.cache.caffeine.spec=maximumSize=100")
        .run(arguments);
  }

  private static List<String> warnings(CapturedOutput output) {
    return output.toString().lines().filter(line -> line.contains(" WARN ")).toList();
  }
}
