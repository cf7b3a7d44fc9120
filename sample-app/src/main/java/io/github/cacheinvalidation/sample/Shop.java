package io.github.cacheinvalidation.sample;

import io.github.cacheinvalidation.sample.page.ShopPage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The running shop: nodes that share only a Redis and a database. Each node is an application
 * context of its own. Each context gets the command line of the shop and the settings of the node;
 * it is closed by the shop, not by the shutdown hook of Spring. If {@code spring.data.redis.*}
 * names no Redis, an embedded Redis is started. If {@code spring.datasource.url} names no database,
 * an in-memory database in this process is used.
 */
final class Shop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Shop.class);

  private static final List<String> REDIS_LOCATIONS =
      List.of(
          "spring.data.redis.host",
          "spring.data.redis.port",
          "spring.data.redis.url",
          "spring.data.redis.sentinel.master",
          "spring.data.redis.cluster.nodes",
          "spring.data.redis.cluster.nodes[0]");

  private final ShopSettings settings;
  private final ConfigurableEnvironment environment;
  private final List<String> args;
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private @Nullable EmbeddedRedis redis;
  private @Nullable RedisControl control;
  private @Nullable ShopPage page;
  private boolean closed;

  private Shop(ShopSettings settings, ConfigurableEnvironment environment, List<String> args) {
    this.settings = settings;
    this.environment = environment;
    this.args = args;
  }

  /**
   * Reads the settings of a shop. {@link #open} starts the shop.
   *
   * @throws ShopStartException if a setting is not valid
   */
  static Shop configure(String... args) {
    SimpleCommandLinePropertySource commandLine = new SimpleCommandLinePropertySource(args);
    ShopSettings.refuseUnknown(List.of(commandLine.getPropertyNames()));
    ConfigurableEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(commandLine);
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    return new Shop(ShopSettings.from(environment), environment, List.of(args));
  }

  /**
   * Starts the shop, and returns when all nodes answer requests.
   *
   * @throws ShopStartException if the shop cannot start; everything is stopped then
   */
  void open() {
    try {
      openAll();
    } catch (ShopStartException e) {
      close();
      throw e;
    } catch (RuntimeException e) {
      close();
      throw new ShopStartException("A node failed: " + e.getMessage(), e);
    }
  }

  /** Returns the text that shows a visitor which commands to try. */
  String welcome() {
    return Welcome.text(settings, environment, redis, control, page);
  }

  /**
   * Stops the nodes, then the Redis that was started for them. May be called while the shop starts;
   * then it waits for the part that is starting.
   */
  @Override
  public synchronized void close() {
    closed = true;
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException e) {
        log.error("A part of the shop failed to stop.", e);
      }
    }
  }

  private void openAll() {
    boolean ownRedis = REDIS_LOCATIONS.stream().noneMatch(environment::containsProperty);
    if (settings.redisOnly()) {
      openRedisOnly(ownRedis);
      return;
    }
    settings.nodePorts().forEach(port -> Ports.requireFree(port, portSetting()));
    List<String> shared = new ArrayList<>(args);
    if (ownRedis) {
      openRedis();
    }
    if (!environment.containsProperty("spring.datasource.url")) {
      shared.add("--spring.datasource.url=" + databaseInMemory());
    }
    ShopPage opened = open(this::openPage, ShopPage::close);
    page = opened;
    settings.nodePorts().forEach(port -> openNode(opened, port, shared));
    opened.serve();
  }

  private void openRedisOnly(boolean ownRedis) {
    if (!ownRedis) {
      throw new ShopStartException(
          "shop.redis-only=true runs the embedded Redis, but spring.data.redis.* names another"
              + " Redis. Remove one of these settings.");
    }
    openRedis();
  }

  private ShopPage openPage() {
    try {
      return ShopPage.open(settings.pagePort(), redis, bound());
    } catch (IOException e) {
      throw new ShopStartException(
          "Port " + settings.pagePort() + " is in use. Set another with shop.page-port.", e);
    }
  }

  private Duration bound() {
    return DurationStyle.detectAndParse(
        environment.getProperty("invalidation.max-staleness", "10s"));
  }

  private void openRedis() {
    int port = settings.redisPort() == 0 ? Ports.free() : settings.redisPort();
    EmbeddedRedis started = open(() -> EmbeddedRedis.start(port), EmbeddedRedis::close);
    redis = started;
    control = open(() -> RedisControl.start(started, settings.controlPort()), RedisControl::close);
  }

  private void openNode(ShopPage opened, int port, List<String> shared) {
    List<String> own = new ArrayList<>(shared);
    if (!environment.containsProperty("server.port")) {
      own.add("--server.port=" + port);
    }
    if (!environment.containsProperty("invalidation.node-name")) {
      own.add("--invalidation.node-name=node-" + port);
    }
    whileOpen(() -> opened.startNode(port, own));
  }

  private synchronized <T> T open(Supplier<T> start, Consumer<T> stop) {
    if (closed) {
      throw new ShopStartException("The process is shutting down.");
    }
    T started = start.get();
    closings.push(() -> stop.accept(started));
    return started;
  }

  private synchronized void whileOpen(Runnable step) {
    if (closed) {
      throw new ShopStartException("The process is shutting down.");
    }
    step.run();
  }

  private String portSetting() {
    return settings.nodes() == 1 ? "server.port" : "shop.first-port";
  }

  private static String databaseInMemory() {
    return "jdbc:h2:mem:shop-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";
  }
}
