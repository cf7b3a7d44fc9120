package com.example.clinic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** JPA, security and two cache managers; two nodes with one database. */
class ClinicTest {

  private final HttpClient client = HttpClient.newHttpClient();

  private ConfigurableApplicationContext one;

  private ConfigurableApplicationContext two;

  @BeforeEach
  void startNodes() {
    one = node();
    two = node();
    one.getBean(VetRepository.class).save(new Vet(1L, "Helen"));
  }

  @AfterEach
  void stopNodes() {
    one.close();
    two.close();
  }

  @Test
  void renamedVet_isNewOnTheOtherNode() {
    assertThat(read(one)).isEqualTo("Hello, Helen");
    assertThat(one.getBean("invalidationCacheManager", CacheManager.class).getCache("vets").get(1L))
        .as("cached name")
        .isNotNull();

    send(two, HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.ofString("Linda")));

    await().until(() -> read(one), "Hello, Linda"::equals);
  }

  /** With it, Spring Data would ask each repository for the store that it belongs to. */
  @Test
  void starter_bringsNoSpringDataRedis() {
    assertThat(
            ClassUtils.isPresent("org.springframework.data.redis.core.RedisOperations", null))
        .isFalse();
  }

  @Test
  void managerOfTheApplication_staysTheDefault() {
    read(one);

    assertThat(one.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
    assertThat(one.getBean("invalidationCacheManager", CacheManager.class).getCacheNames())
        .containsExactly("vets");
  }

  private String read(ConfigurableApplicationContext node) {
    return send(node, HttpRequest.newBuilder().GET());
  }

  private String send(ConfigurableApplicationContext node, HttpRequest.Builder request) {
    String port = node.getEnvironment().getRequiredProperty("local.server.port");
    String user = Base64.getEncoder().encodeToString("vet:secret".getBytes());
    try {
      HttpResponse<String> response =
          client.send(
              request
                  .uri(URI.create("http://localhost:" + port + "/vets/1"))
                  .header("Authorization", "Basic " + user)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static ConfigurableApplicationContext node() {
    return new SpringApplicationBuilder(ClinicApplication.class)
        .properties(
            "server.port=0",
            "spring.datasource.url=jdbc:h2:mem:clinic",
            "invalidation.transport=local")
        .run();
  }
}
