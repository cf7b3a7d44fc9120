package io.github.cacheinvalidation.autoconfigure.http;

import com.jayway.jsonpath.JsonPath;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Starts applications with Actuator on a real Redis, and sends requests to them. */
public final class WebNodes {

  private static final Duration GUARD = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();

  /** Starts an application with these settings, each in the form {@code name=value}. */
  public static ConfigurableApplicationContext start(TestRedis redis, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.addAll(
        List.of(
            "server.port=0",
            "spring.application.name=shop",
            "spring.main.banner-mode=off",
            "spring.data.redis.host=" + redis.host(),
            "spring.data.redis.port=" + redis.port()));
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.SERVLET)
        .run(arguments.stream().map(each -> "--" + each).toArray(String[]::new));
  }

  public static void awaitState(ConfigurableApplicationContext node, State state) {
    Awaitility.await()
        .atMost(GUARD)
        .until(() -> node.getBean(InvalidationNode.class).status().state() == state);
  }

  public Answer get(ConfigurableApplicationContext node, String path) {
    return send(node, "GET", path);
  }

  public Answer send(ConfigurableApplicationContext node, String method, String path) {
    String port = node.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(GUARD)
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException failure) {
      throw new AssertionError(path + ": " + failure, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** An answer, whose body is read by JSON paths. */
  public record Answer(int code, String body) {

    public int number(String path) {
      return JsonPath.read(body, path);
    }

    public String text(String path) {
      return JsonPath.read(body, path);
    }

    public boolean flag(String path) {
      return JsonPath.read(body, path);
    }

    public List<String> texts(String path) {
      return JsonPath.read(body, path);
    }

    public Map<String, Object> map(String path) {
      return JsonPath.read(body, path);
    }
  }

  /** All that Spring Boot configures, but no database. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class})
  static class Application {}
}
