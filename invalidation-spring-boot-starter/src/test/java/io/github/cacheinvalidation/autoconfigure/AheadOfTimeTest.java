package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.CacheLoader;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/**
 * An application that is built ahead of time does and logs the same as one that is not, on the JVM.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> LOCAL =
      List.of("invalidation.transport=local", "invalidation.channel=ahead-of-time");

  @Test
  void replacedManager_isLogged() {
    assertThat(sameLines(Starter.class, AheadOfTimeTest::awaitJoined))
        .anyMatch(line -> line.startsWith("INFO Caches are Caffeine caches of this node."))
        .anyMatch(line -> line.contains("Joined the channel"));
  }

  @Test
  void settingOfAnotherProvider_isLogged() {
    assertThat(sameLines(Starter.class, context -> {}, "spring.cache.redis.time-to-live=5m"))
        .singleElement()
        .asString()
        .startsWith("WARN The starter provides no default cache manager, because the property")
        .contains("spring.cache.redis.time-to-live");
  }

  @Test
  void otherManager_isLogged_andTheFirstCallOfTheInvalidatorStartsTheNode() {
    assertThat(
            sameLines(
                OwnManager.class,
                context -> {
                  context.getBean(CacheInvalidator.class).evict("prices", 1L);
                  awaitJoined(context);
                }))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("cache manager of its own"))
        .anyMatch(line -> line.contains("Joined the channel"));
  }

  @Test
  void disabledNode_isLogged() {
    assertThat(sameLines(Starter.class, context -> {}, "invalidation.enabled=false"))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("invalidation.enabled"));
  }

  @Test
  void unusedBean_isLogged() {
    assertThat(sameLines(OwnLoader.class, AheadOfTimeTest::awaitJoined))
        .anyMatch(line -> line.startsWith("WARN The CacheLoader beans [loader] are not used"));
  }

  @Test
  void keyThatCannotBeWritten_isLogged() {
    assertThat(
            sameLines(
                Starter.class,
                context -> {
                  awaitJoined(context);
                  context.getBean(CacheInvalidator.class).evict("prices", new Unwritable());
                  context.getBean(DefaultInvalidationNode.class).stop();
                }))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("Unwritable"));
  }

  @Test
  void annotatedMethods_useTheCachesOfTheNode() {
    run(
        Prices.class,
        true,
        context -> {
          Prices prices = context.getBean(Prices.class);
          assertThat(prices.read(new Id(7, Region.NORTH))).isEqualTo(1);
          assertThat(prices.read(new Id(7, Region.NORTH))).isEqualTo(1);
          prices.change(new Id(7, Region.NORTH));
          assertThat(prices.read(new Id(7, Region.NORTH))).isEqualTo(2);
        },
        LOCAL);
  }

  private static void awaitJoined(ApplicationContext context) {
    try {
      assertThat(context.getBean(InvalidationNode.class).awaitJoined(PATIENCE)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** Returns the log lines of an application, after a check that both ways log the same. */
  private static List<String> sameLines(
      Class<?> application, Consumer<ApplicationContext> use, String... properties) {
    List<String> all = new ArrayList<>(LOCAL);
    all.addAll(List.of(properties));
    List<String> expected = lines(application, false, use, all);

    assertThat(lines(application, true, use, all)).containsExactlyInAnyOrderElementsOf(expected);
    return expected;
  }

  private static List<String> lines(
      Class<?> application,
      boolean aheadOfTime,
      Consumer<ApplicationContext> use,
      List<String> properties) {
    try (Logged logged = new Logged()) {
      run(application, aheadOfTime, use, properties);
      return logged.ours();
    }
  }

  private static void run(
      Class<?> application,
      boolean aheadOfTime,
      Consumer<ApplicationContext> use,
      List<String> properties) {
    AnnotationConfigApplicationContext declared = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(properties).applyTo(declared);
    declared.register(application);
    if (aheadOfTime) {
      runAheadOfTime(declared, use, properties);
    } else {
      refresh(declared, use);
    }
  }

  @SuppressWarnings("unchecked") // Spring generates an initializer of this kind
  private static void runAheadOfTime(
      GenericApplicationContext declared,
      Consumer<ApplicationContext> use,
      List<String> properties) {
    TestGenerationContext generated = new TestGenerationContext(AheadOfTimeTest.class);
    new ApplicationContextAotGenerator().processAheadOfTime(declared, generated);
    generated.writeGeneratedContent();
    TestCompiler.forSystem()
        .with(generated)
        .compile(
            compiled -> {
              GenericApplicationContext context = new GenericApplicationContext();
              TestPropertyValues.of(properties).applyTo(context);
              compiled.getInstance(ApplicationContextInitializer.class).initialize(context);
              refresh(context, use);
            });
  }

  private static void refresh(GenericApplicationContext context, Consumer<ApplicationContext> use) {
    try (context) {
      context.refresh();
      use.accept(context);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataRedisAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class
  })
  static class Starter {}

  @Configuration(proxyBeanMethods = false)
  static class OwnManager extends Starter {

    @Bean
    CacheManager caches() {
      return new ConcurrentMapCacheManager("prices");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnLoader extends Starter {

    @Bean
    CacheLoader<Object, Object> loader() {
      return key -> key;
    }
  }

  enum Region {
    NORTH
  }

  record Id(long number, Region region) {}

  static final class Unwritable {}

  @Configuration(proxyBeanMethods = false)
  static class Prices extends Starter {

    private int loads;

    @Cacheable("prices")
    public int read(Id id) {
      return ++loads;
    }

    @CacheEvict("prices")
    public void change(Id id) {}
  }
}
