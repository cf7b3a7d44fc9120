package io.github.cacheinvalidation.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service of Docker Compose decides the address of Redis. Spring Boot starts the services and
 * makes the connection details; only the program {@code docker} is a script that answers for one
 * service. Spring Boot finds that program on the path of its process, so the application is a
 * process of its own.
 */
class DockerComposeTest {

  /** Answers as {@code docker} does. The service runs after "up". */
  private static final String DOCKER =
      """
      #!/bin/sh
      case "$*" in
        'version '*) echo '28.0.0' ;;
        'compose version '*) echo '{"version":"2.40.0"}' ;;
        *' config '*) echo '{"name":"shop","services":{"redis":{"image":"redis:7.0"}}}' ;;
        *' up '*) touch "$0.up" ;;
        *' ps '*)
          if [ -e "$0.up" ]; then
            echo '{"ID":"1","Name":"shop-redis-1","Image":"redis:7.0","State":"running"}'
          fi ;;
        'inspect '*)
          echo '{"Id":"1","Config":{"Image":"redis:7.0","Labels":{},"Env":[],\
      "ExposedPorts":{"6379/tcp":{}}},"HostConfig":{"NetworkMode":"shop_default"},\
      "NetworkSettings":{"Ports":{"6379/tcp":[{"HostIp":"0.0.0.0","HostPort":"%d"}]}}}' ;;
        *) echo "docker $*: not known to the test" >&2; exit 64 ;;
      esac
      """;

  @TempDir Path directory;

  @Test
  void node_joinsTheRedisOfTheService_whateverThePropertiesSay() throws IOException {
    try (TestRedis redis = TestRedis.started()) {
      Path file = Files.writeString(directory.resolve("compose.yaml"), "services: {}\n");

      try (ChildJvm application =
          ChildJvm.started(
              Map.of("PATH", pathWithDocker(redis.port())),
              ComposedNode.class,
              "--spring.docker.compose.file=" + file,
              "--spring.docker.compose.lifecycle-management=start-only",
              "--spring.docker.compose.host=" + redis.host(),
              "--spring.data.redis.url=redis://127.0.0.1:1",
              "--spring.main.web-application-type=none",
              "--invalidation.transport=pubsub")) {
        assertThat(application.awaitLine(line -> line.startsWith(ComposedNode.JOINED)))
            .startsWith(ComposedNode.JOINED + ServerId.of(redis));
      }
    }
  }

  private String pathWithDocker(int port) throws IOException {
    Path docker = Files.writeString(directory.resolve("docker"), DOCKER.formatted(port));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
    return directory + File.pathSeparator + System.getenv("PATH");
  }
}
