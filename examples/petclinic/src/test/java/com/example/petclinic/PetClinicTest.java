package com.example.petclinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.CacheInvalidator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.samples.petclinic.PetClinicApplication;
import org.springframework.samples.petclinic.owner.OwnerRepository;
import org.springframework.samples.petclinic.system.WebConfiguration;
import org.springframework.samples.petclinic.vet.VetRepository;

/**
 * The pet clinic with the dependency and no other change: two nodes with one database and one
 * Redis.
 */
@ExtendWith(OutputCaptureExtension.class)
class PetClinicTest {

  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * The pet clinic has no JCache provider, so its {@code JCacheManagerCustomizer} had no effect
   * before either.
   */
  @Test
  void cacheConfigurationKept_cachesVetsOnBothNodes(CapturedOutput output) throws Exception {
    assertVetsAreCoherent(PetClinicApplication.class, "kept");

    assertThat(output)
        .contains("petclinicCacheConfigurationCustomizer")
        .contains("Cache 'vets' has neither a size limit nor a lifetime")
        .doesNotContain("This starter switches on caching");
  }

  @Test
  void cacheConfigurationRemoved_cachesVetsOnBothNodes(CapturedOutput output) throws Exception {
    assertVetsAreCoherent(WithoutCacheConfiguration.class, "removed");

    assertThat(output)
        .contains("This starter switches on caching, because the application has no @EnableCaching")
        .doesNotContain("petclinicCacheConfigurationCustomizer");
  }

  private void assertVetsAreCoherent(Class<?> application, String database) throws Exception {
    try (ConfigurableApplicationContext one = node(application, database, "always");
        ConfigurableApplicationContext two = node(application, database, "never")) {
      assertThat(one.getBean(CacheManager.class))
          .isSameAs(one.getBean("invalidationCacheManager"));
      assertThat(get(one, "/actuator/health")).contains("\"status\":\"UP\"");
      for (ConfigurableApplicationContext node : new ConfigurableApplicationContext[] {one, two}) {
        await()
            .untilAsserted(() -> assertThat(vets(node)).as("the cached list").isSameAs(vets(node)));
      }
      assertThat(get(one, "/vets")).contains("Carter");

      two.getBean(JdbcTemplate.class)
          .update("update vets set last_name = 'Baker' where last_name = 'Carter'");
      assertThat(get(one, "/vets")).contains("Carter");
      two.getBean(CacheInvalidator.class).clear("vets");

      await().untilAsserted(() -> assertThat(get(one, "/vets")).contains("Baker"));
      assertThat(one.getBean(OwnerRepository.class).findById(1)).isPresent();
    }
  }

  private static Object vets(ConfigurableApplicationContext node) {
    return node.getBean(VetRepository.class).findAll();
  }

  private String get(ConfigurableApplicationContext node, String path) throws Exception {
    String port = node.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Accept", "application/json")
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }

  private static ConfigurableApplicationContext node(
      Class<?> application, String database, String initialization) {
    return new SpringApplicationBuilder(application)
        .properties(
            "server.port=0",
            "spring.datasource.url=jdbc:h2:mem:" + database,
            "spring.sql.init.mode=" + initialization)
        .run();
  }

  /** The pet clinic as it would be without the class {@code CacheConfiguration}. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @AutoConfigurationPackage(basePackageClasses = PetClinicApplication.class)
  @ComponentScan(basePackageClasses = {OwnerRepository.class, VetRepository.class})
  @Import(WebConfiguration.class)
  static class WithoutCacheConfiguration {}
}
