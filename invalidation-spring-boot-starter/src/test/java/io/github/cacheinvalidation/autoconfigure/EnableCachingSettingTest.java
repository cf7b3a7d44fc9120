package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.WrittenApplication.APPLICATION;
import static io.github.cacheinvalidation.autoconfigure.WrittenApplication.CACHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The dependency alone switches on caching, and says so. {@code invalidation.enable-caching}
 * decides this in applications that have not switched on caching themselves.
 */
class EnableCachingSettingTest {

  private static final String SWITCHED_ON = "This starter switches on caching, because ";

  private final ApplicationContextRunner application = Applications.local();

  @Test
  void dependencyAlone_switchesOnCaching_andTheFirstLineSaysSo() {
    assertSwitchesOn(application, "the application has no @EnableCaching");
  }

  @Test
  void cachingOfTheApplication_isNotSaidToBeOfTheStarter() {
    assertUsesOwn(application.withUserConfiguration(Caching.class));
  }

  @Test
  void true_switchesOnDormantCaching(@TempDir Path directory) throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, APPLICATION, CACHING)) {
      assertSwitchesOn(
          shop.application("shop.Application")
              .withPropertyValues("invalidation.enable-caching=true"),
          "invalidation.enable-caching is true");
    }
  }

  @Test
  void false_keepsCachingOff_andIsWarnedOfOnce() {
    assertKeepsOff(application.withPropertyValues("invalidation.enable-caching=false"));
  }

  @Test
  void falseInTheSystemEnvironment_keepsCachingOffToo() {
    assertKeepsOff(
        application.withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            Map.of("INVALIDATION_ENABLECACHING", "false")))));
  }

  private static void assertKeepsOff(ApplicationContextRunner switchedOff) {
    try (Logged logged = new Logged()) {
      switchedOff.run(
          context -> {
            assertThat(context).doesNotHaveBean(CacheAspectSupport.class);
            assertThat(context.getBeansOfType(CacheManager.class).values())
                .hasOnlyElementsOfType(NoOpCacheManager.class);
            assertThat(context).doesNotHaveBean(DefaultInvalidationNode.class);
            assertThat(context).hasSingleBean(CacheInvalidator.class);
          });
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "Cache invalidation is inactive: caching is off, because invalidation.enable-caching"
                  + " is false and the application does not enable caching. Set it to true");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cachingOfTheApplication_isNotDecidedByTheSetting(boolean setting) {
    assertUsesOwn(
        application
            .withUserConfiguration(Caching.class)
            .withPropertyValues("invalidation.enable-caching=" + setting));
  }

  @Test
  void managerOfTheApplicationWithoutCaching_isSaidToCacheNothing() {
    try (Logged logged = new Logged()) {
      besideAManager()
          .run(
              context -> {
                assertThat(context).doesNotHaveBean(CacheAspectSupport.class);
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).loads()).isEqualTo(2);
              });
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "the application has a cache manager of its own, [mine]",
              "Annotated methods are not cached, because no @EnableCaching is in effect. Add it, or"
                  + " set invalidation.enable-caching to true");
    }
  }

  @Test
  void managerOfTheApplicationWithCaching_isNotSaidToCacheNothing() {
    try (Logged logged = new Logged()) {
      besideAManager()
          .withUserConfiguration(Caching.class)
          .run(context -> assertThat(context).hasSingleBean(CacheAspectSupport.class));
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .doesNotContain("not cached", "enable-caching");
    }
  }

  @Test
  void true_switchesOnCachingBesideAManagerOfTheApplication() {
    try (Logged logged = new Logged()) {
      besideAManager()
          .withPropertyValues("invalidation.enable-caching=true")
          .run(
              context -> {
                assertThat(context).hasSingleBean(CacheAspectSupport.class);
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).loads()).isEqualTo(1);
                assertThat(context.getBean("mine", CacheManager.class).getCacheNames())
                    .contains("products");
              });
      assertThat(logged.lines().get(0))
          .isEqualTo(
              SWITCHED_ON
                  + "invalidation.enable-caching is true. To keep caching off, set"
                  + " invalidation.enable-caching to false");
      assertThat(logged.warnings()).singleElement().asString().doesNotContain("not cached");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring.cache.type=simple", "spring.cache.redis.time-to-live=5m"})
  void true_switchesOnCachingWithAManagerOfSpringBoot(String setting) {
    application
        .withPropertyValues("invalidation.enable-caching=true", setting)
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheAspectSupport.class);
              assertThat(context.getBean(CacheManager.class))
                  .isNotInstanceOf(CoherentCacheManager.class);
              assertThat(context).hasBean(CacheManagerBean.NAME);
            });
  }

  @Test
  void compositeWithoutCaching_isSaidToCacheNothing() {
    try (Logged logged = new Logged()) {
      application
          .withUserConfiguration(Composite.class)
          .run(context -> assertThat(context).doesNotHaveBean(CacheAspectSupport.class));
      assertThat(logged.warnings()).singleElement().asString().contains("no @EnableCaching");
    }
  }

  private ApplicationContextRunner besideAManager() {
    return Shop.in(application, Shop.database()).withBean("mine", ConcurrentMapCacheManager.class);
  }

  @Test
  void settingThatIsNoBoolean_stopsTheStart() {
    application
        .withPropertyValues("invalidation.enable-caching=perhaps")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasRootCauseMessage("Invalid boolean value 'perhaps'")
                    .hasStackTraceContaining(BindException.class.getName())
                    .hasStackTraceContaining("invalidation.enable-caching"));
  }

  /** The line is logged if this bean exists. */
  @Test
  void applicationThatIsBuiltAheadOfTime_hasTheConfigurationThatSwitchesOnCaching() {
    AnnotationConfigApplicationContext built = new AnnotationConfigApplicationContext();
    built.register(CacheInvalidationAutoConfiguration.class);

    assertThat(AheadOfTime.codeOf(built))
        .anyMatch(
            code ->
                code.contains(
                    "RootBeanDefinition(CoherentCachingConfiguration.CachingConfiguration.class)"));
  }

  private static void assertSwitchesOn(ApplicationContextRunner application, String reason) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context).hasSingleBean(CacheAspectSupport.class);
            assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
          });
      assertThat(logged.lines().get(0))
          .isEqualTo(
              SWITCHED_ON
                  + reason
                  + ". To keep caching off, set invalidation.enable-caching to false");
      assertThat(logged.lines()).anyMatch(line -> line.contains("joins channel"));
      assertThat(logged.warnings()).isEmpty();
    }
  }

  private static void assertUsesOwn(ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context).hasSingleBean(CacheAspectSupport.class);
            assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
          });
      assertThat(logged.says(SWITCHED_ON)).isFalse();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  static class Composite {

    @Bean
    CompositeCacheManager composite(@Qualifier(CacheManagerBean.NAME) CacheManager ofNode) {
      return new CompositeCacheManager(ofNode);
    }
  }
}
