package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Settings of the starter that have no effect because of their names are one warning at start. */
class UnknownSettingsTest {

  private final ApplicationContextRunner application =
      Shop.in(Applications.local(), Shop.database());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalidation.max-stalenes",
        "invalidation.publish.modes",
        "invalidation.caches.products.sepc",
        "invalidation.caches.[my_cache].localonly2"
      })
  void unknownProperty_isWarnedOf(String property) {
    assertThat(warnings(application.withPropertyValues(property + "=1")))
        .singleElement()
        .asString()
        .contains("The starter knows no properties [" + property.replace(".[", "["))
        .contains("so they have no effect. Correct their names");
  }

  @Test
  void knownProperties_needNoWarning() {
    assertThat(
            warnings(
                application.withPropertyValues(
                    "invalidation.caches.products.spec=maximumSize=5",
                    "invalidation.caches.[other_cache].localOnly=true",
                    "invalidation.publish.maxBatchKeys=7",
                    "invalidation.subscriptions=",
                    "invalidation.log.max_size=2MB")))
        .isEmpty();
  }

  /** Whether a letter in it begins a word cannot be told. */
  @Test
  void environmentVariables_needNoWarning() {
    assertThat(
            warnings(
                application.withInitializer(
                    context ->
                        context
                            .getEnvironment()
                            .getPropertySources()
                            .addFirst(
                                new SystemEnvironmentPropertySource(
                                    "test-systemEnvironment",
                                    Map.of(
                                        "INVALIDATION_MAX_STALENESS", "20s",
                                        "INVALIDATION_CACHES_PRODUCTS_LOCALONLY", "false"))))))
        .isEmpty();
  }

  @Test
  void cacheWithAlmostTheNameOfAUsedOne_isWarnedOf() {
    assertThat(
            warnings(
                application.withPropertyValues("invalidation.caches.product.max-staleness=20s")))
        .singleElement()
        .asString()
        .contains(
            "No annotated method uses cache 'product', which has settings below"
                + " invalidation.caches.product. Is cache 'products' meant?");
  }

  @Test
  void cacheOfARepository_isKnown() {
    assertThat(
            warnings(
                application
                    .withUserConfiguration(Repositories.class)
                    .withPropertyValues("invalidation.caches.product.max-staleness=20s")))
        .isEmpty();
  }

  @Test
  void cacheWithAnotherName_mayBeUsedByCodeThatTheStartDoesNotSee() {
    assertThat(
            warnings(
                application.withPropertyValues("invalidation.caches.customers.max-staleness=20s")))
        .isEmpty();
  }

  @Test
  void besideAnotherManager_onlyMethodsThatNameTheNodesOwnCount() {
    ApplicationContextRunner beside =
        application
            .withUserConfiguration(BesideFixture.OwnManager.class)
            .withPropertyValues("invalidation.caches.product.max-staleness=20s");
    assertThat(warnings(beside)).hasSize(1).noneMatch(line -> line.contains("meant?"));
    assertThat(
            warnings(
                beside
                    .withBean(
                        BesideFixture.Database.class, () -> new BesideFixture.Database(Map.of()))
                    .withBean(BesideFixture.ByName.class)))
        .hasSize(2)
        .anyMatch(line -> line.contains("Is cache 'products' meant?"));
  }

  private static List<String> warnings(ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application.run(context -> assertThat(context).hasNotFailed());
      return logged.warnings();
    }
  }

  interface ProductRepository {

    @Cacheable("product")
    String findName(int id);
  }

  @Configuration(proxyBeanMethods = false)
  static class Repositories {

    /** As Spring Data declares a repository. */
    @Bean
    FactoryBean<ProductRepository> productRepository() {
      return new FactoryBean<>() {
        @Override
        public ProductRepository getObject() {
          return id -> "name";
        }

        @Override
        public Class<?> getObjectType() {
          return ProductRepository.class;
        }
      };
    }
  }
}
