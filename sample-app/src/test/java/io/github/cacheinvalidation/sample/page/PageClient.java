package io.github.cacheinvalidation.sample.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends raw requests to the page, with any header. */
public final class PageClient {

  private static final int PATIENCE_MILLIS = 60_000;

  private final int port;
  private final JsonMapper json = new JsonMapper();

  public PageClient(URI page) {
    port = page.getPort();
  }

  /** Sends a request of this machine with further header lines; returns the whole answer. */
  public String send(String method, String path, String... headers) {
    return exchange(method, path, "localhost:" + port, headers);
  }

  /** Sends a request with another header {@code Host}. */
  public String sendTo(String host, String method, String path, String... headers) {
    return exchange(method, path, host, headers);
  }

  /** Presses a button. */
  public String post(String action) {
    return send("POST", "/" + action, "Origin: http://localhost:" + port);
  }

  /** Returns the newest state, from a stream of its own. */
  public JsonNode state() {
    try (Socket socket = connect()) {
      write(socket, "GET /events HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
      BufferedReader lines = reader(socket);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          return json.readTree(line.substring("data: ".length()));
        }
      }
      throw new IllegalStateException("The stream has ended.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String exchange(String method, String path, String host, String... headers) {
    try (Socket socket = connect()) {
      StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      request.append("Host: ").append(host).append("\r\nConnection: close\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      if (method.equals("POST")) {
        request.append("Content-Length: 0\r\n");
      }
      write(socket, request.append("\r\n").toString());
      return reader(socket).lines().collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }
}
