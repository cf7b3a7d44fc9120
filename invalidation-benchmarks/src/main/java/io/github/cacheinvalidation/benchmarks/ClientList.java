package io.github.cacheinvalidation.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The connections of a server, as {@code CLIENT LIST} reports them.
 *
 * @param clients the fields of each connection
 */
record ClientList(List<Map<String, String>> clients) {

  /** Reads the answer of {@code CLIENT LIST}. */
  static ClientList of(String answer) {
    return new ClientList(
        answer.lines().filter(line -> !line.isBlank()).map(ClientList::fields).toList());
  }

  private static Map<String, String> fields(String line) {
    return Arrays.stream(line.split(" ", -1))
        .map(field -> field.split("=", 2))
        .filter(field -> field.length == 2)
        .collect(Collectors.toMap(field -> field[0], field -> field[1]));
  }

  /** Returns the connections with this name. */
  ClientList named(String name) {
    return new ClientList(
        clients.stream().filter(client -> name.equals(client.get("name"))).toList());
  }

  int size() {
    return clients.size();
  }

  /** Returns the sum of a field that each connection must have. */
  long sum(String field) {
    long sum = 0;
    for (Map<String, String> client : clients) {
      String value = client.get(field);
      if (value == null) {
        throw new IllegalStateException("CLIENT LIST of Redis has no field " + field);
      }
      sum += Long.parseLong(value);
    }
    return sum;
  }
}
