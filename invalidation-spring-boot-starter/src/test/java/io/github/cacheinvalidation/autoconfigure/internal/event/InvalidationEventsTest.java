package io.github.cacheinvalidation.autoconfigure.internal.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.Applications;
import io.github.cacheinvalidation.autoconfigure.InvalidationEvent;
import io.github.cacheinvalidation.autoconfigure.InvalidationEvent.Kind;
import io.github.cacheinvalidation.autoconfigure.Logged;
import io.github.cacheinvalidation.autoconfigure.Watch;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;

/** The events that a node publishes in its application. */
@Tag("G5")
class InvalidationEventsTest {

  private final ApplicationContextRunner application = Applications.local();

  @Test
  void aJoinBeforeTheListenersExist_isToldLater_andEachEventInOrderOnAThreadOfTheApplication() {
    application
        .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
        .withBean(Listener.class, Listener::new)
        .run(
            context -> {
              requireNonNull(context.getBean(CacheManager.class).getCache("products")).clear();
              InvalidationEvents events = context.getBean(InvalidationEvents.class);
              events.observer().applied("products", 3);

              Listener listener = context.getBean(Listener.class);
              Watch.patiently().until(() -> listener.heard.size() == 3);
              assertThat(listener.heard)
                  .extracting(InvalidationEvent::kind)
                  .containsExactly(Kind.JOINED, Kind.CLEARED, Kind.APPLIED);
              assertThat(statusOf(listener.heard.get(0)).state()).isEqualTo(State.COHERENT);
              assertThat(listener.heard.get(1).cache()).isEqualTo("products");
              assertThat(listener.heard.get(1).reason()).isEqualTo(ClearReason.REQUESTED);
              assertThat(listener.heard.get(2).keys()).isEqualTo(3);
              assertThat(listener.threads).allMatch(name -> name.startsWith("task-"));
            });
  }

  @Test
  void anOutage_isToldWithItsReason_andItsEnd() {
    TestRedis redis = TestRedis.started();
    try {
      Applications.over(redis)
          .withPropertyValues(
              "invalidation.channel=" + UUID.randomUUID(), "invalidation.check-interval=100ms")
          .withBean(Listener.class, Listener::new)
          .run(
              context -> {
                Listener listener = context.getBean(Listener.class);
                Watch.patiently().until(() -> listener.has(Kind.JOINED));
                redis.stop();
                Watch.patiently().until(() -> listener.has(Kind.CUT_OFF));
                redis.start();
                Watch.patiently().until(() -> listener.has(Kind.COHERENT));

                assertThat(statusOf(listener.first(Kind.CUT_OFF)).reason()).isNotBlank();
                assertThat(listener.threads).allMatch("cache-invalidation-events"::equals);
              });
    } finally {
      redis.close();
    }
  }

  @Test
  void withoutAListener_nothingWaits() {
    application.run(
        context -> {
          context.getBean(InvalidationNode.class).awaitJoined(Duration.ofSeconds(60));
          InvalidationEvents events = context.getBean(InvalidationEvents.class);
          events.observer().applied("products", 3);

          assertThat(events.waiting()).isZero();
        });
  }

  @Test
  void aListenerThatIsAddedLater_isTold() {
    application.run(
        context -> {
          List<Object> heard = new CopyOnWriteArrayList<>();
          ConfigurableApplicationContext running = context.getSourceApplicationContext();
          running.addApplicationListener(
              (PayloadApplicationEvent<InvalidationEvent> event) ->
                  heard.add(event.getPayload().kind()));
          context.getBean(InvalidationEvents.class).observer().applied("products", 3);

          Watch.patiently().until(() -> heard.contains(Kind.APPLIED));
        });
  }

  @Test
  void aSlowListener_missesEventsOfCachesFirst_andTheLogSaysHowMany() {
    try (Logged logged = new Logged()) {
      application
          .withBean(Listener.class, Listener::new)
          .run(
              context -> {
                Listener listener = context.getBean(Listener.class);
                Watch.patiently().until(() -> listener.has(Kind.JOINED));
                listener.wait = new CountDownLatch(1);
                InvalidationEvents events = context.getBean(InvalidationEvents.class);
                events.observer().applied("held", 1);
                Watch.patiently().until(() -> listener.isHeld);
                for (int i = 0; i < InvalidationEvents.MOST_OF_CACHES + 20; i++) {
                  events.observer().applied("products", i);
                }
                InvalidationNode node = context.getBean(InvalidationNode.class);
                events
                    .observer()
                    .statusChanged(
                        inState(node.status(), State.COHERENT),
                        inState(node.status(), State.CUT_OFF));
                listener.wait.countDown();

                Watch.patiently().until(() -> listener.has(Kind.CUT_OFF));
                Watch.patiently().until(() -> logged.says("20 were dropped"));
                assertThat(listener.heard).hasSize(InvalidationEvents.MOST_OF_CACHES + 3);
                assertThat(logged.warnings())
                    .hasSize(1)
                    .allMatch(line -> line.contains("1000 InvalidationEvents wait"));
              });
    }
  }

  @Test
  void aListenerThatThrows_isToldOnce_andTheNextEventIsPublished() {
    try (Logged logged = new Logged()) {
      application
          .withBean(Listener.class, Listener::new)
          .run(
              context -> {
                Listener listener = context.getBean(Listener.class);
                listener.failure = new IllegalStateException("listener");
                InvalidationEvents events = context.getBean(InvalidationEvents.class);
                events.observer().applied("products", 1);
                events.observer().applied("products", 2);

                Watch.patiently().until(() -> listener.first(Kind.APPLIED) != null);
                Watch.patiently()
                    .until(() -> listener.heard.stream().anyMatch(event -> event.keys() == 2));
                assertThat(logged.warnings())
                    .hasSize(1)
                    .allMatch(line -> line.contains("A listener to InvalidationEvent threw"));
              });
    }
  }

  @Test
  void aWriteOfAnotherNode_isAnEventOfItsReceiver() {
    application
        .withBean(Listener.class, Listener::new)
        .run(
            receiver -> {
              String channel =
                  receiver.getEnvironment().getRequiredProperty("invalidation.channel");
              requireNonNull(receiver.getBean(CacheManager.class).getCache("products"))
                  .put("a", "1");
              Applications.plain()
                  .withPropertyValues(
                      "invalidation.transport=local", "invalidation.channel=" + channel)
                  .run(
                      writer -> {
                        writer.getBean(CacheInvalidator.class).evict("products", "a");
                        Listener listener = receiver.getBean(Listener.class);
                        Watch.patiently().until(() -> listener.has(Kind.APPLIED));
                        assertThat(requireNonNull(listener.first(Kind.APPLIED)).keys())
                            .isEqualTo(1);
                      });
            });
  }

  private static NodeStatus statusOf(@Nullable InvalidationEvent event) {
    return requireNonNull(requireNonNull(event).status());
  }

  private static NodeStatus inState(NodeStatus status, State state) {
    return new NodeStatus(
        state,
        status.since(),
        null,
        Set.of(),
        status.lastConfirmed(),
        0,
        status.channel(),
        status.server());
  }

  static class Listener {

    final List<InvalidationEvent> heard = new CopyOnWriteArrayList<>();

    final List<String> threads = new CopyOnWriteArrayList<>();

    volatile @Nullable CountDownLatch wait;

    volatile boolean isHeld;

    volatile @Nullable RuntimeException failure;

    @EventListener
    public void on(InvalidationEvent event) throws InterruptedException {
      CountDownLatch latch = wait;
      if (latch != null) {
        isHeld = true;
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
      }
      threads.add(Thread.currentThread().getName());
      heard.add(event);
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
    }

    boolean has(Kind kind) {
      return first(kind) != null;
    }

    @Nullable InvalidationEvent first(Kind kind) {
      return heard.stream().filter(event -> event.kind() == kind).findFirst().orElse(null);
    }
  }
}
