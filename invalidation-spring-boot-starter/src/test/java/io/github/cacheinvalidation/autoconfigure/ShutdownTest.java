package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.awaitJoined;
import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.NodeLifecycle;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Writes while an application stops. */
@Tag("G5")
class ShutdownTest {

  private static final TestRedis REDIS = TestRedis.stopped();

  private final String channel = "shutdown:" + UUID.randomUUID();

  private final Map<Integer, String> database = Shop.database();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  private ApplicationContextRunner node() {
    return Shop.in(Applications.over(REDIS), database)
        .withPropertyValues("invalidation.channel=" + channel);
  }

  @Tag("G5.20")
  @Test
  void writeOfARequestDuringGracefulShutdown_reachesTheOthers() {
    node()
        .run(
            other -> {
              awaitJoined(other);
              assertThat(Shop.of(other).read(1)).isEqualTo("old");
              try (Logged logged = new Logged()) {
                ConfigurableApplicationContext application = startWebApplication();
                SlowServlet servlet = application.getBean(SlowServlet.class);
                CompletableFuture<HttpResponse<String>> response = request(application);
                assertThat(servlet.entered.await(20, TimeUnit.SECONDS)).isTrue();
                CompletableFuture<Void> closing =
                    CompletableFuture.runAsync(application::close, THREAD_PER_TASK);
                patiently().until(() -> logged.says("Commencing graceful shutdown"));

                servlet.mayWrite.countDown();

                assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("running");
                closing.get(20, TimeUnit.SECONDS);
                patiently().until(() -> Shop.of(other).read(1).equals("new"));
                assertThat(logged.warnings()).isEmpty();
              }
            });
  }

  @Test
  void writeOfAListenerThatStops_reachesTheOthers() {
    node()
        .run(
            other -> {
              awaitJoined(other);
              assertThat(Shop.of(other).read(1)).isEqualTo("old");
              StoppingListener[] listener = new StoppingListener[1];
              node()
                  .withBean(StoppingListener.class)
                  .run(context -> listener[0] = context.getBean(StoppingListener.class));
              assertThat(listener[0].nodeWasRunning).isTrue();
              patiently().until(() -> Shop.of(other).read(1).equals("new"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"lettuce", "jedis"})
  void node_stopsAfterTheWebServerAndBeforeItsConnections(String client) {
    Applications.over(REDIS)
        .withPropertyValues("spring.data.redis.client-type=" + client)
        .run(
            context ->
                assertThat(context.getBean(NodeLifecycle.class).getPhase())
                    .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
                    .isLessThan(SmartLifecycle.DEFAULT_PHASE)
                    .isGreaterThan(
                        ((SmartLifecycle) context.getBean(RedisConnectionFactory.class))
                            .getPhase()));
  }

  @Tag("G5.21")
  @Test
  void stopWithoutRedis_countsAndLogsTheUnpublishedKeys() {
    try (TestRedis down = TestRedis.stopped();
        Logged logged = new Logged()) {
      Watch[] watch = new Watch[1];
      Shop.in(Applications.over(down), database)
          .withPropertyValues("invalidation.publish.timeout=100ms")
          .run(
              context -> {
                watch[0] = Watch.of(context);
                for (int id = 1; id <= 3; id++) {
                  Shop.of(context).write(id, "new");
                }
                Shop.of(context).write(3, "newer");
              });
      assertThat(watch[0].lostAtStop).containsExactly("3+0");
      assertThat(logged.warnings())
          .filteredOn(line -> line.contains("Stopped with 3 keys and 0 whole caches not published"))
          .hasSize(1);
    }
  }

  /** Without {@code SpringApplication}, which would set up logging anew for the tests to come. */
  private ConfigurableApplicationContext startWebApplication() {
    var application = new AnnotationConfigServletWebServerApplicationContext();
    TestPropertyValues.of(
            "server.port=0",
            "spring.cache.caffeine.spec=maximumSize=1000",
            "spring.data.redis.host=" + REDIS.host(),
            "spring.data.redis.port=" + REDIS.port(),
            "invalidation.channel=" + channel,
            "invalidation.check-interval=100ms",
            "invalidation.max-staleness=3s")
        .applyTo(application);
    application.registerBean(Shop.class, () -> new Shop(database));
    application.register(WebApplication.class);
    new ServerPortInfoApplicationContextInitializer().initialize(application);
    application.refresh();
    return application;
  }

  private static CompletableFuture<HttpResponse<String>> request(
      ConfigurableApplicationContext application) {
    String port = application.getEnvironment().getRequiredProperty("local.server.port");
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    AopAutoConfiguration.class,
    DataRedisAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class
  })
  static class WebApplication {

    @Bean
    SlowServlet slowServlet(Shop shop, DefaultInvalidationNode node) {
      return new SlowServlet(shop, node);
    }

    @Bean
    ServletRegistrationBean<SlowServlet> registration(SlowServlet servlet) {
      return new ServletRegistrationBean<>(servlet, "/");
    }
  }

  /** Writes when it is told to, and says whether the node was running then. */
  static final class SlowServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Shop shop;

    private final transient DefaultInvalidationNode node;

    private final transient CountDownLatch entered = new CountDownLatch(1);

    private final transient CountDownLatch mayWrite = new CountDownLatch(1);

    SlowServlet(Shop shop, DefaultInvalidationNode node) {
      this.shop = shop;
      this.node = node;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      entered.countDown();
      try {
        mayWrite.await();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      boolean running = node.isRunning();
      shop.write(1, "new");
      response.setContentLength("running".length());
      response.getWriter().write(running ? "running" : "stopped");
      response.flushBuffer(); // the server may close the connection when this method returns
    }
  }

  /** Stops where listeners to messages do, and writes once more then. */
  static final class StoppingListener implements SmartLifecycle {

    private final Shop shop;

    private final DefaultInvalidationNode node;

    private boolean running;

    private boolean nodeWasRunning;

    StoppingListener(Shop shop, DefaultInvalidationNode node) {
      this.shop = shop;
      this.node = node;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      nodeWasRunning = node.isRunning();
      shop.write(1, "new");
    }

    @Override
    public boolean isRunning() {
      return running;
    }
  }
}
