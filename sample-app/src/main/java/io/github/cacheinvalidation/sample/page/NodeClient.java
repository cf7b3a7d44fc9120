package io.github.cacheinvalidation.sample.page;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Uses a node as any client does: over HTTP. */
final class NodeClient {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();
  private final JsonMapper json = new JsonMapper();

  /**
   * Reads a product.
   *
   * @param pauseMillis how long a load from the database takes in addition
   */
  Answer read(PageNode node, long product, int pauseMillis)
      throws IOException, InterruptedException {
    String query = pauseMillis == 0 ? "" : "?pause=" + pauseMillis;
    return answer(send(request(node, "/products/" + product + query).GET()));
  }

  Answer changePrice(PageNode node, long product, BigDecimal price)
      throws IOException, InterruptedException {
    return answer(
        send(
            request(node, "/products/" + product)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"price\": " + price + "}"))));
  }

  /** Lists a category; returns whether the list came from the cache of the node. */
  boolean list(PageNode node, String category) throws IOException, InterruptedException {
    return isCached(send(request(node, "/products?category=" + category).GET()));
  }

  private static HttpRequest.Builder request(PageNode node, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + node.port() + path))
        .timeout(PATIENCE);
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    JsonNode body = json.readTree(response.body());
    if (response.statusCode() != 200) {
      throw new IOException(body.path("detail").asString("status " + response.statusCode()));
    }
    return body;
  }

  private static Answer answer(JsonNode body) {
    return new Answer(
        body.path("name").asString(),
        body.path("price").decimalValue().setScale(2),
        isCached(body));
  }

  private static boolean isCached(JsonNode body) {
    return body.path("source").asString().equals("cache");
  }

  /**
   * The answer of a node.
   *
   * @param cached whether it came from the cache of the node
   */
  record Answer(String name, BigDecimal price, boolean cached) {}
}
