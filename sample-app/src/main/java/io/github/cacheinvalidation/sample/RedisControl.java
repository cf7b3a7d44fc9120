package io.github.cacheinvalidation.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.cacheinvalidation.sample.page.LocalRequests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Stops and starts the embedded Redis of the running shop over HTTP: {@code POST /redis/stop} and
 * {@code POST /redis/start} on the loopback interface. Requests are served one after another.
 */
final class RedisControl implements AutoCloseable {

  private final EmbeddedRedis redis;
  private final HttpServer server;

  private RedisControl(EmbeddedRedis redis, HttpServer server) {
    this.redis = redis;
    this.server = server;
  }

  static RedisControl start(EmbeddedRedis redis, int port) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      RedisControl control = new RedisControl(redis, server);
      server.createContext("/redis/stop", exchange -> control.handle(exchange, redis::stop));
      server.createContext("/redis/start", exchange -> control.handle(exchange, redis::start));
      server.start();
      return control;
    } catch (IOException e) {
      throw new ShopStartException(
          "Port " + port + " is in use. Set another with shop.control-port.", e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange, Runnable action) throws IOException {
    try (exchange) {
      String refusal = LocalRequests.refusal(exchange);
      if (refusal != null) {
        answer(exchange, 403, refusal);
        return;
      }
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().set("Allow", "POST");
        answer(exchange, 405, "Use POST.");
        return;
      }
      try {
        action.run();
        String state = redis.isRunning() ? "running" : "stopped";
        answer(exchange, 200, "Redis on port " + redis.port() + " is " + state + ".");
      } catch (RuntimeException e) {
        answer(exchange, 500, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
