package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.Watch.awaitJoined;
import static io.github.cacheinvalidation.autoconfigure.Watch.patiently;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/** Loads of beans while an application starts, and the time at which the node begins to join. */
@Tag("G3")
class WarmUpTest {

  private static final int ENTRIES = 1_000;

  private static final TestRedis REDIS = TestRedis.stopped();

  private final String nodeName = "warming-" + UUID.randomUUID();

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  private ApplicationContextRunner overRedis() {
    return Applications.over(REDIS)
        .withBean(Watch.class, Watch::new)
        .withPropertyValues(
            "invalidation.channel=warm-up:" + UUID.randomUUID(),
            "invalidation.node-name=" + nodeName);
  }

  /**
   * Waits for the join while beans are made, which is long before the lifecycle starts the node.
   */
  @Tag("G3.7")
  @Test
  void warmUpOfABeanThatAwaitsTheJoin_isKept() {
    overRedis()
        .withUserConfiguration(PatientWarmUp.class)
        .run(
            context -> {
              assertThat(context.getBean(PatientWarmUp.class).joined).isTrue();
              assertThat(kept(context.getBean(CacheManager.class))).isEqualTo(ENTRIES);
              awaitCheckedTwice(Watch.of(context));
              assertThat(kept(context.getBean(CacheManager.class))).isEqualTo(ENTRIES);
              assertThat(Watch.of(context).clears).isEmpty();
            });
  }

  @Tag("G3.7")
  @Test
  void warmUpOfABeanWithinOneJvm_isKeptWithoutWaiting() {
    Applications.local()
        .withBean(Watch.class, Watch::new)
        .withUserConfiguration(WarmUp.class)
        .run(
            context -> {
              awaitJoined(context);
              awaitCheckedTwice(Watch.of(context));
              assertThat(kept(context.getBean(CacheManager.class))).isEqualTo(ENTRIES);
              assertThat(Watch.of(context).clears).isEmpty();
            });
  }

  @Test
  void node_isMadeAndStartedBeforeTheBeansOfTheApplication() {
    Applications.local()
        .withUserConfiguration(Unrelated.class)
        .run(context -> assertThat(context.getBean(Unrelated.class).nodeWasRunning).isTrue());
  }

  @Test
  void nodeThatIsNotEnabled_isNeverStarted() {
    overRedis()
        .withPropertyValues("invalidation.enabled=false")
        .withUserConfiguration(PatientWarmUp.class)
        .run(
            context -> {
              assertThat(context.getBean(PatientWarmUp.class).joined).isFalse();
              assertThat(isRunning(context.getBean(InvalidationNode.class))).isFalse();
              assertThat(kept(context.getBean(CacheManager.class))).isEqualTo(ENTRIES);
            });
  }

  /** Such a JVM ends before the lifecycle begins; Spring has looked at the property long ago. */
  @Test
  void trainingRun_opensNoConnectionBeforeTheLifecycle() throws ClassNotFoundException {
    Class.forName(DefaultLifecycleProcessor.class.getName());
    SpringProperties.setProperty(
        DefaultLifecycleProcessor.EXIT_PROPERTY_NAME, DefaultLifecycleProcessor.ON_REFRESH_VALUE);
    try {
      overRedis()
          .withUserConfiguration(WarmUp.class)
          .run(
              context -> {
                assertThat(context.getBean(WarmUp.class).running).isFalse();
                awaitJoined(context);
              });
    } finally {
      SpringProperties.setProperty(DefaultLifecycleProcessor.EXIT_PROPERTY_NAME, null);
    }
    overRedis()
        .withUserConfiguration(WarmUp.class)
        .run(context -> assertThat(context.getBean(WarmUp.class).running).isTrue());
  }

  @Tag("G9.4")
  @Test
  @Tag("G9")
  void startThatFailsAfterTheNodeWasMade_leavesNothingBehind() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    overRedis()
        .withUserConfiguration(PatientWarmUp.class, FailingBean.class)
        .run(context -> assertThat(context).hasFailed());

    assertNothingIsLeftSince(before);
  }

  /** So the node never becomes a bean that the context would close. */
  @Test
  @Tag("G9")
  void startThatFailsWhileTheNodeIsMade_leavesNothingBehind() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    overRedis()
        .withBean("failing", BeanPostProcessor.class, FailingProcessor::new)
        .run(context -> assertThat(context).hasFailed());

    assertNothingIsLeftSince(before);
  }

  private void assertNothingIsLeftSince(Set<Thread> before) {
    REDIS.awaitNoClientNamed("invalidation:" + nodeName);
    patiently()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .noneMatch(name -> name.startsWith("cache-invalidation")));
  }

  @Test
  void processingAheadOfTime_makesNoNode() {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.register(CacheInvalidationAutoConfiguration.class, WarmUp.class);
      context.refreshForAotProcessing(new RuntimeHints());

      assertThat(context.containsBeanDefinition("invalidationNode")).isTrue();
      assertThat(context.getBeanFactory().containsSingleton("invalidationNode")).isFalse();
    }
  }

  /** The check that was under way is answered then, and one that was sent later. */
  private static void awaitCheckedTwice(Watch watch) {
    int before = watch.checked.get();
    patiently().until(() -> watch.checked.get() > before + 1);
  }

  private static int kept(CacheManager caches) {
    Cache cache = requireNonNull(caches.getCache("warm"));
    int kept = 0;
    for (long key = 0; key < ENTRIES; key++) {
      kept += cache.get(key) == null ? 0 : 1;
    }
    return kept;
  }

  private static void fill(CacheManager caches) {
    Cache cache = requireNonNull(caches.getCache("warm"));
    for (long key = 0; key < ENTRIES; key++) {
      long loaded = key;
      cache.get(key, () -> loaded);
    }
  }

  private static boolean isRunning(InvalidationNode node) {
    return node.status().state() != NodeStatus.State.STOPPED;
  }

  /** A bean that asks for nothing. */
  static final class Unrelated {

    final boolean nodeWasRunning;

    Unrelated(ConfigurableListableBeanFactory beans) {
      nodeWasRunning =
          beans.getSingleton("invalidationNode") instanceof InvalidationNode node
              && isRunning(node);
    }
  }

  /** Loads at once. */
  static final class WarmUp {

    final boolean running;

    WarmUp(InvalidationNode node, CacheManager caches) {
      running = isRunning(node);
      fill(caches);
    }
  }

  /** Loads once the node has joined. */
  static final class PatientWarmUp {

    final boolean joined;

    PatientWarmUp(InvalidationNode node, CacheManager caches) throws InterruptedException {
      joined = node.awaitJoined(Duration.ofSeconds(20));
      fill(caches);
    }
  }

  /** Fails where a proxy of the node is wanted. */
  static final class FailingProcessor implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      if (bean instanceof InvalidationNode) {
        throw new IllegalStateException("Injected");
      }
      return bean;
    }
  }

  /** A bean that cannot be made, after one that waits for the join. */
  static final class FailingBean {

    FailingBean(PatientWarmUp before) {
      throw new IllegalStateException("Injected after " + before.joined);
    }
  }
}
