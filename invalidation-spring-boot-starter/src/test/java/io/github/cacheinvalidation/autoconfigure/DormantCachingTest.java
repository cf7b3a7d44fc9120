package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.autoconfigure.WrittenApplication.APPLICATION;
import static io.github.cacheinvalidation.autoconfigure.WrittenApplication.CACHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * An {@code @EnableCaching} of the application that is not in effect keeps caching off. Only what
 * the application would use without its profiles and conditions counts.
 */
class DormantCachingTest {

  @TempDir private Path directory;

  @Test
  void classOfAnotherProfile_keepsCachingOff_andIsNamedOnce() throws IOException {
    assertStaysOff("[shop.Caching]", APPLICATION, CACHING);
  }

  @Test
  void classWhoseConditionDoesNotMatch_keepsCachingOff() throws IOException {
    assertStaysOff(
        "[shop.Caching]",
        APPLICATION,
        """
        package shop;
        @Configuration
        @ConditionalOnProperty("shop.cached")
        @EnableCaching
        class Caching {}
        """);
  }

  @Test
  void severalClasses_areAllNamed() throws IOException {
    assertStaysOff(
        "[shop.Caching, shop.more.Caching]",
        APPLICATION,
        CACHING,
        CACHING.replace("package shop;", "package shop.more;"));
  }

  @Test
  void classOfTheActiveProfile_switchesCachingOn() throws IOException {
    assertIsOn("profile 'cached'", "spring.profiles.active=cached", APPLICATION, CACHING);
  }

  @Test
  void skippedClass_isNotLoaded() throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, APPLICATION, CACHING)) {
      shop.application("shop.Application")
          .run(context -> assertThat(context).doesNotHaveBean(CacheAspectSupport.class));
      assertThat(shop.loaded()).containsOnly("shop.Application");
    }
  }

  @Test
  void applicationThatIsBuiltAheadOfTime_isBuiltWithTheReason() throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, APPLICATION, CACHING)) {
      AnnotationConfigApplicationContext built = new AnnotationConfigApplicationContext();
      built.setClassLoader(shop.loader());
      built.register(shop.type("shop.Application"), CacheInvalidationAutoConfiguration.class);
      assertThat(AheadOfTime.codeOf(built))
          .anyMatch(code -> code.contains("@EnableCaching of [shop.Caching] is not in effect"))
          .noneMatch(code -> code.contains("CoherentCachingConfiguration"));
    }
  }

  @Test
  void classInAJar_keepsCachingOff() throws IOException {
    try (WrittenApplication shop = WrittenApplication.inJar(directory, APPLICATION, CACHING)) {
      assertStaysOff("[shop.Caching]", shop.application("shop.Application"));
    }
  }

  @Test
  void annotationThatEnablesCaching_countsWhereItIsUsed() throws IOException {
    String annotation =
        """
        package shop;
        @EnableCaching
        @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
        @interface EnableShop {}
        """;
    assertIsOn("an unused annotation", "", APPLICATION, annotation);
    assertStaysOff(
        "[shop.Caching]",
        APPLICATION,
        annotation,
        CACHING.replace("@EnableCaching", "@EnableShop"));
  }

  @Test
  void springBootApplication_isScannedAsItSays() throws IOException {
    try (WrittenApplication shop =
        WrittenApplication.of(
            directory,
            """
            package start;
            @SpringBootApplication(scanBasePackages = "${shop.packages}")
            public class Application {}
            """,
            CACHING)) {
      ApplicationContextRunner application =
          shop.application("start.Application")
              .withPropertyValues("spring.boot.enableautoconfiguration=false");
      assertStaysOff("[shop.Caching]", application.withPropertyValues("shop.packages=other,shop"));
      assertIsOn("no scan of shop", application.withPropertyValues("shop.packages=start"));
    }
  }

  @Test
  void nestedClass_keepsCachingOff_alsoWithoutAScan() throws IOException {
    assertStaysOff(
        "[shop.Application$Caching]",
        """
        package shop;
        @Configuration
        public class Application {
          @Configuration
          @Profile("cached")
          @EnableCaching
          static class Caching {}
        }
        """);
  }

  @Test
  void importedClass_keepsCachingOff_alsoBehindASkippedOne() throws IOException {
    assertStaysOff(
        "[library.Caching]",
        """
        package shop;
        @Configuration
        @ComponentScan
        public class Application {
          @Configuration
          @Profile("production")
          @Import(library.Settings.class)
          static class Production {}
        }
        """,
        """
        package library;
        @Configuration
        @Import({Caching.class, Settings.class})
        public class Settings {}
        """,
        """
        package library;
        @EnableCaching
        class Caching {}
        """);
  }

  @Test
  void scanOfASkippedClass_isFollowed() throws IOException {
    assertStaysOff(
        "[library.Caching]",
        APPLICATION,
        """
        package shop;
        @Configuration
        @Profile("production")
        @ComponentScan(basePackageClasses = library.Marker.class)
        @ComponentScan("more")
        class Production {}
        """,
        """
        package library;
        public class Marker {}
        """,
        CACHING.replace("package shop;", "package library;"));
  }

  @Test
  void classThatTheApplicationDoesNotUse_doesNotCount() throws IOException {
    assertIsOn("another package", "", APPLICATION, CACHING.replace("package shop;", "package b;"));
  }

  @Test
  void classesOfTests_doNotCount() throws IOException {
    assertIsOn(
        "classes of tests",
        "",
        APPLICATION,
        """
        package shop;
        class ProductsTest {
          @org.junit.jupiter.api.Test
          void test() {}
          @Configuration
          @Profile("other")
          @EnableCaching
          static class Caching {}
        }
        """,
        """
        package shop;
        @org.junit.jupiter.api.extension.ExtendWith({})
        class MoreTests {
          static class Nested {
            @EnableCaching
            static class Caching {}
          }
        }
        """,
        """
        package shop;
        @TestConfiguration
        @Profile("other")
        @EnableCaching
        class CachingOfTests {}
        """);
  }

  @Test
  void autoConfiguration_doesNotCount() throws IOException {
    assertIsOn(
        "an auto-configuration",
        "",
        """
        package shop;
        @Configuration
        @Import(Caching.class)
        public class Application {}
        """,
        """
        package shop;
        @AutoConfiguration
        @Profile("cached")
        public class Caching {
          @Configuration
          @EnableCaching
          static class Nested {}
        }
        """);
  }

  @Test
  void ourOwnClass_doesNotCount() throws IOException {
    assertIsOn(
        "a scan of the starter",
        "",
        """
        package shop;
        @Configuration
        @ComponentScan("io.github.cacheinvalidation.autoconfigure.metrics")
        @Import(io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration.class)
        public class Application {}
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring.cache.type=none", "spring.cache.redis.time-to-live=5m"})
  void otherReasonToStandBack_isTheOneThatIsNamed(String setting) throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, APPLICATION, CACHING);
        Logged logged = new Logged()) {
      shop.application("shop.Application")
          .withPropertyValues(setting)
          .run(context -> assertThat(context).doesNotHaveBean(CacheAspectSupport.class));
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(setting.substring(0, setting.indexOf('=')))
          .doesNotContain("shop.Caching");
    }
  }

  @Test
  void managerOfTheApplication_isTheReasonThatIsNamed() throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, APPLICATION, CACHING);
        Logged logged = new Logged()) {
      shop.application("shop.Application")
          .withBean("mine", ConcurrentMapCacheManager.class)
          .run(context -> assertThat(context).doesNotHaveBean(CacheAspectSupport.class));
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains("the application has a cache manager of its own, [mine]");
    }
  }

  private void assertStaysOff(String names, String... classes) throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, classes)) {
      assertStaysOff(names, shop.application("shop.Application"));
    }
  }

  private static void assertStaysOff(String names, ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context).hasNotFailed();
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
              "Cache invalidation is inactive: caching is off, because @EnableCaching of "
                  + names
                  + " is not in effect",
              "Set invalidation.enable-caching to true");
    }
  }

  private void assertIsOn(String reason, String setting, String... classes) throws IOException {
    try (WrittenApplication shop = WrittenApplication.of(directory, classes)) {
      assertIsOn(reason, shop.application("shop.Application").withPropertyValues(setting));
    }
  }

  private static void assertIsOn(String reason, ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context).as(reason).hasNotFailed();
            assertThat(context).as(reason).hasSingleBean(CacheAspectSupport.class);
            assertThat(context).as(reason).hasSingleBean(DefaultInvalidationNode.class);
          });
      assertThat(logged.warnings()).as(reason).isEmpty();
    }
  }
}
