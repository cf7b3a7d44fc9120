package io.github.cacheinvalidation.sample.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a server on the loopback interface answers a request. The interface alone is not
 * enough: a page of any web site can let the visitor's browser send requests to it.
 */
public final class LocalRequests {

  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private LocalRequests() {}

  /**
   * Returns why a request is refused, for the person who sent it; null if it is allowed. A request
   * must name this machine as its host, so that no foreign name that leads here is answered. If a
   * browser names the origin of the request, it must be this server itself.
   */
  public static @Nullable String refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String host = headers.getFirst("Host");
    if (host == null || !isHere(host, exchange.getLocalAddress().getPort())) {
      return "Use http://localhost:" + exchange.getLocalAddress().getPort() + "/ on this machine.";
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.equalsIgnoreCase("http://" + host)) {
      return "Requests from other origins are refused.";
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean reads = exchange.getRequestMethod().equals("GET");
    if (!reads && site != null && !site.equals("same-origin")) {
      return "Requests from other sites are refused.";
    }
    return null;
  }

  private static boolean isHere(String host, int port) {
    String suffix = ":" + port;
    return host.endsWith(suffix)
        && LOOPBACK_NAMES.contains(
            host.substring(0, host.length() - suffix.length()).toLowerCase(Locale.ROOT));
  }
}
