package io.github.cacheinvalidation.sample.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page on the loopback interface: its files, {@code GET /events} with one complete state
 * after another, and {@code POST} for the buttons. {@link LocalRequests} decides who is answered.
 */
final class PageServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageServer.class);

  private static final int USUAL_PORT = 8080;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Pattern ACTION =
      Pattern.compile("/(?:nodes/([1-9])/([a-z]+)|((?:redis|load)/[a-z]+))");
  private static final Pattern PRODUCT = Pattern.compile("product=(\\d{1,9})");

  /** Every file of the page with its type; no other file is served. */
  private static final Map<String, String> FILES =
      Map.of(
          "/index.html", "text/html",
          "/page.css", "text/css",
          "/page.js", "text/javascript",
          "/cards.js", "text/javascript",
          "/travels.js", "text/javascript",
          "/words.js", "text/javascript",
          "/icon.svg", "image/svg+xml");

  private final HttpServer server;
  private final StateFeed feed;
  private final Runnable look;

  private PageServer(HttpServer server, StateFeed feed, Runnable look) {
    this.server = server;
    this.feed = feed;
    this.look = look;
  }

  /**
   * Takes a port; {@link #serve} begins to answer.
   *
   * @param port 0 for the usual port or, if that is in use, any free port
   * @param look offers the present state to the feed
   */
  static PageServer bind(int port, StateFeed feed, Runnable look) throws IOException {
    return new PageServer(port == 0 ? usualOrFree() : listen(port), feed, look);
  }

  private static HttpServer usualOrFree() throws IOException {
    try {
      return listen(USUAL_PORT);
    } catch (BindException inUse) {
      return listen(0);
    }
  }

  private static HttpServer listen(int port) throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  void serve(PageActions actions, Executor executor) {
    server.setExecutor(executor);
    server.createContext("/", exchange -> handle(exchange, actions));
    server.start();
  }

  @Override
  public void close() {
    feed.close();
    server.stop(0);
  }

  private void handle(HttpExchange exchange, PageActions actions) throws IOException {
    try (exchange) {
      secure(exchange.getResponseHeaders());
      String refusal = LocalRequests.refusal(exchange);
      String path = exchange.getRequestURI().getPath();
      Matcher action = ACTION.matcher(path);
      if (refusal != null) {
        answer(exchange, 403, refusal);
      } else if (action.matches()) {
        act(exchange, actions, action);
      } else if (path.equals("/events") && allows(exchange, "GET")) {
        stream(exchange);
      } else if (!path.equals("/events") && allows(exchange, "GET")) {
        file(exchange, path.equals("/") ? "/index.html" : path);
      }
    }
  }

  /** The page loads nothing from elsewhere, runs no script but its own, and is in no frame. */
  private static void secure(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  private static boolean allows(HttpExchange exchange, String method) throws IOException {
    if (exchange.getRequestMethod().equals(method)) {
      return true;
    }
    exchange.getResponseHeaders().set("Allow", method);
    answer(exchange, 405, "Use " + method + ".");
    return false;
  }

  private static void act(HttpExchange exchange, PageActions actions, Matcher action)
      throws IOException {
    if (!allows(exchange, "POST")) {
      return;
    }
    String node = action.group(1);
    String name = node == null ? action.group(3) : action.group(2);
    try {
      actions.perform(
          name, node == null ? null : Integer.valueOf(node), product(exchange.getRequestURI()));
      exchange.sendResponseHeaders(204, -1);
    } catch (RefusedActionException e) {
      answer(exchange, 409, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.warn("The page could not {}.", name, e);
      answer(exchange, 500, "That failed: " + e.getMessage());
    }
  }

  private static long product(URI uri) {
    String query = uri.getQuery();
    Matcher product = PRODUCT.matcher(query == null ? "" : query);
    return product.matches() ? Long.parseLong(product.group(1)) : Database.SHOWN.get(0);
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    feed.watch(1);
    look.run(); // while nobody watched, nobody looked
    try {
      write(body, "retry: 1000\n\n");
      long known = 0;
      while (!feed.isClosed()) {
        StateFeed.@Nullable Versioned next = feed.await(known, HEARTBEAT);
        if (next == null) {
          write(body, ": still here\n\n");
        } else {
          known = next.version();
          write(body, "data: " + next.state() + "\n\n");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      log.debug("A browser has left the page.", gone);
    } finally {
      feed.watch(-1);
    }
  }

  private static void file(HttpExchange exchange, String path) throws IOException {
    String type = FILES.get(path);
    if (type == null) {
      answer(exchange, 404, "There is no " + path + ".");
      return;
    }
    try (InputStream content = PageServer.class.getResourceAsStream("/page" + path)) {
      if (content == null) {
        throw new IOException("The file " + path + " is missing in the shop.");
      }
      send(exchange, 200, type, content.readAllBytes());
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void write(OutputStream body, String text) throws IOException {
    body.write(text.getBytes(StandardCharsets.UTF_8));
    body.flush();
  }
}
