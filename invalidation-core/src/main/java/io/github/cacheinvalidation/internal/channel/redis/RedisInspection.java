package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Audience;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogExcerpt;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.script.LogReader;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the Redis server of a channel. A connection is opened for each call.
 *
 * @param driver makes the connections
 * @param name the name of the channel
 */
record RedisInspection(Driver driver, RedisNames name) implements Inspection {

  /** Messages can be a megabyte long, so a page has few of them. */
  private static final int PAGE = 100;

  private static final Position BEGINNING = new Position("0-0", "");

  /** Is subscribed, or waits for the next entry of a stream. */
  private static final Pattern LISTENS =
      Pattern.compile(
          " name="
              + RedisChannelSettings.CLIENT_PREFIX
              + "(?<name>\\S+) .* (?:flags=\\w*b|sub=[1-9]|psub=[1-9])");

  @Override
  public Audience audience() {
    try (Connection connection = driver.connect()) {
      Long connections = null;
      String connectionsUnknown = null;
      try {
        connections = connection.subscribers(name.channel().getBytes(StandardCharsets.UTF_8));
      } catch (RuntimeException refused) {
        connectionsUnknown = refusal("PUBSUB NUMSUB", "+pubsub", refused);
      }
      List<String> names = new ArrayList<>();
      String namesUnknown = null;
      try {
        connection.clients().lines().forEach(line -> addName(names, line));
      } catch (RuntimeException refused) {
        namesUnknown = refusal("CLIENT LIST", "+client|list", refused);
      }
      return new Audience(
          connections, connectionsUnknown, names.stream().sorted().toList(), namesUnknown);
    }
  }

  private static void addName(List<String> names, String line) {
    Matcher client = LISTENS.matcher(line);
    if (client.find()) {
      names.add(client.group("name"));
    }
  }

  private String refusal(String command, String right, RuntimeException refused) {
    String answer = driver.answerIn(refused);
    if (answer != null && answer.startsWith("NOPERM")) {
      return "The Redis user may not run %s; ACL SETUSER <user> %s allows it"
          .formatted(command, right);
    }
    return "Redis did not answer " + command + ": " + (answer == null ? refused : answer);
  }

  @Override
  public LogExcerpt since(Instant time, int limit) {
    LogReader reader = new LogReader(name);
    try (Connection connection = driver.connect()) {
      List<LogEntry> first = reader.read(connection, BEGINNING, 1).entries();
      List<LogEntry> found = new ArrayList<>();
      Position start = new Position(Math.max(0, time.toEpochMilli()) + "-0", "");
      boolean complete = false;
      while (!complete && found.size() <= limit) {
        Position last = found.isEmpty() ? null : found.get(found.size() - 1).position();
        int size = Math.min(PAGE, limit + 1 - found.size()) + (last == null ? 0 : 1);
        LogPage page = reader.read(connection, last == null ? start : last, size);
        for (LogEntry entry : page.entries()) {
          if (!entry.position().equals(last)) { // else it begins the page, if it was not trimmed
            found.add(entry);
          }
        }
        complete = page.complete();
      }
      boolean more = found.size() > limit;
      return new LogExcerpt(
          first.isEmpty() ? null : first.get(0).position().time(),
          more ? found.subList(0, limit) : found,
          more);
    }
  }
}
