package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.testing.TestRedis;
import org.testcontainers.containers.GenericContainer;

/**
 * A container of Testcontainers that needs no Docker: its start starts a Redis on this machine. It
 * answers what Spring Boot asks of a container with {@code @ServiceConnection}.
 */
final class LocalRedisContainer extends GenericContainer<LocalRedisContainer> {

  private static final String IMAGE = "redis:7.0";

  /** The port inside a container, which Docker maps to a port of the machine. */
  private static final int PORT = 6379;

  private final TestRedis redis = TestRedis.stopped();

  private int starts;

  LocalRedisContainer() {
    super(IMAGE);
  }

  /** Returns how often it was started. */
  int starts() {
    return starts;
  }

  /** Returns the id of the server in it. */
  String serverId() {
    return ServerId.of(redis);
  }

  @Override
  public void start() {
    starts++;
    redis.start();
  }

  @Override
  public void stop() {
    redis.close();
  }

  @Override
  public boolean isRunning() {
    return redis.isRunning();
  }

  /** The inherited method would ask Docker for the image. */
  @Override
  public String getDockerImageName() {
    return IMAGE;
  }

  @Override
  public String getHost() {
    return redis.host();
  }

  @Override
  public Integer getMappedPort(int port) {
    if (port != PORT || !isRunning()) {
      throw new IllegalStateException("The port " + port + " is not mapped");
    }
    return redis.port();
  }
}
