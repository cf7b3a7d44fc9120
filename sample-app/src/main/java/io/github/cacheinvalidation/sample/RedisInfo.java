package io.github.cacheinvalidation.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Process information that a Redis server on this machine reports. */
record RedisInfo(String executable, long processId) {

  private static final int TIMEOUT_MILLIS = 1000;

  /** Asks the server on a port. Returns empty if no server answers. */
  static Optional<RedisInfo> ofServer(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("INFO server\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader reply =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return parse(reply);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<RedisInfo> parse(BufferedReader reply) throws IOException {
    String size = reply.readLine();
    if (size == null || !size.startsWith("$")) {
      return Optional.empty();
    }
    Map<String, String> fields =
        reply
            .lines()
            .takeWhile(Predicate.not(String::isEmpty))
            .map(line -> line.split(":", 2))
            .filter(field -> field.length == 2)
            .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    String executable = fields.get("executable");
    String processId = fields.get("process_id");
    if (executable == null || processId == null) {
      return Optional.empty();
    }
    return Optional.of(new RedisInfo(executable, Long.parseLong(processId)));
  }
}
