package io.github.cacheinvalidation.autoconfigure.tracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.testing.TestRedis;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** A trace follows a message from the node that publishes it to the node that applies it. */
class ObservedMessagesTest {

  private final String channel = UUID.randomUUID().toString();

  private final ApplicationContextRunner node =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  CacheAutoConfiguration.class,
                  CacheInvalidationAutoConfiguration.class,
                  CacheInvalidationTracingAutoConfiguration.class))
          .withPropertyValues(
              "invalidation.transport=local",
              "invalidation.channel=" + channel,
              "invalidation.check-interval=20ms",
              "invalidation.max-staleness=1s");

  private final Spans spans = new Spans();

  @Test
  void theApplication_isInTheTraceOfTheFirstWriteOfItsMessage() {
    assertFollowed(traced());
  }

  @Test
  void overRedis_theApplicationIsInTheTraceToo_andIsObservedOnce() {
    try (TestRedis redis = TestRedis.started()) {
      assertFollowed(
          traced()
              .withPropertyValues(
                  "invalidation.transport=pubsub",
                  "spring.data.redis.host=" + redis.host(),
                  "spring.data.redis.port=" + redis.port())
              .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class)));
    }
  }

  private void assertFollowed(ApplicationContextRunner traced) {
    traced.run(
        writer ->
            traced.run(
                reader -> {
                  awaitJoined(writer);
                  awaitJoined(reader);
                  reader.getBean(CacheManager.class).getCache("products");
                  ObservationRegistry registry = writer.getBean(ObservationRegistry.class);
                  Observation request = Observation.start("request", registry);
                  try (Observation.Scope scope = request.openScope()) {
                    assertThat(scope).isNotNull();
                    writer.getBean(CacheInvalidator.class).evict("products", "a");
                  }
                  request.stop();

                  Spans.await(() -> spans.ended.contains("invalidation.apply"));
                  Spans.await(() -> spans.ended.contains("invalidation.publish"));
                }));
    assertThat(spans.links)
        .containsExactlyInAnyOrder(
            "invalidation.publish in request", "invalidation.apply in invalidation.publish");
  }

  @Test
  void checks_areNotObserved() {
    traced()
        .run(
            context -> {
              InvalidationNode observed = context.getBean(InvalidationNode.class);
              assertThat(observed.awaitJoined(Duration.ofSeconds(60))).isTrue();
              var first = observed.status().lastConfirmed();
              Spans.await(() -> observed.status().lastConfirmed().isAfter(first));
            });

    assertThat(spans.ended).isEmpty();
  }

  @Test
  void aHandlerThatThrows_doesNotStopTheMessage() {
    ApplicationContextRunner broken =
        node.withBean(
            ObservationRegistry.class,
            () -> {
              ObservationRegistry registry = ObservationRegistry.create();
              registry.observationConfig().observationHandler(new Broken());
              return registry;
            });
    broken.run(
        writer ->
            broken.run(
                reader -> {
                  var cache =
                      requireNonNull(reader.getBean(CacheManager.class).getCache("products"));
                  cache.put("a", "1");
                  writer.getBean(CacheInvalidator.class).evict("products", "a");

                  Spans.await(() -> cache.get("a") == null);
                }));
  }

  @Test
  void withoutARegistryOrMicrometer_nothingIsObserved() {
    node.run(context -> assertThat(context).doesNotHaveBean(MessageTracer.class));
    node.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(InvalidationNode.class)
                    .doesNotHaveBean(MessageTracer.class));
  }

  private static void awaitJoined(ApplicationContext context) throws InterruptedException {
    assertThat(context.getBean(InvalidationNode.class).awaitJoined(Duration.ofSeconds(60)))
        .isTrue();
  }

  private ApplicationContextRunner traced() {
    return node.withBean(
        ObservationRegistry.class,
        () -> {
          ObservationRegistry registry = ObservationRegistry.create();
          registry.observationConfig().observationHandler(spans);
          return registry;
        });
  }

  /** As a tracing system does, writes the name of a span into what is sent, and reads it. */
  private static final class Spans implements ObservationHandler<Observation.Context> {

    final List<String> links = new CopyOnWriteArrayList<>();

    final List<String> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(Observation.Context context) {
      var parent = context.getParentObservation();
      if (context instanceof SenderContext<?> sending) {
        write(sending, String.valueOf(context.getName()));
      }
      if (parent != null) {
        links.add(context.getName() + " in " + parent.getContextView().getName());
      } else if (context instanceof ReceiverContext<?> receiving) {
        links.add(context.getName() + " in " + read(receiving));
      }
    }

    private static <C> void write(SenderContext<C> context, String name) {
      context.getSetter().set(context.getCarrier(), "traceparent", name);
    }

    private static <C> String read(ReceiverContext<C> context) {
      return String.valueOf(
          context.getGetter().get(requireNonNull(context.getCarrier()), "traceparent"));
    }

    @Override
    public void onStop(Observation.Context context) {
      ended.add(context.getName());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }

    static void await(Callable<Boolean> condition) {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }
  }

  private static final class Broken implements ObservationHandler<Observation.Context> {

    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void onStart(Observation.Context context) {
      if (calls.getAndIncrement() == 0) {
        throw new IllegalStateException("start");
      }
    }

    @Override
    public void onStop(Observation.Context context) {
      throw new IllegalStateException("stop");
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }
}
