package io.github.cacheinvalidation.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Talks to the nodes of a running shop, and to the control of its Redis. */
final class ShopClient {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();

  HttpResponse<String> get(int port, String path) {
    return send(request(port, path).GET());
  }

  HttpResponse<String> post(int port, String path) {
    return send(request(port, path).POST(BodyPublishers.noBody()));
  }

  HttpResponse<String> delete(int port, String path) {
    return send(request(port, path).DELETE());
  }

  HttpResponse<String> changePrice(int port, long id, BigDecimal price) {
    return send(
        request(port, "/products/" + id)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"price\": " + price + "}")));
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
