package io.github.cacheinvalidation.internal.channel.redis;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** The calls that a server gets from its clients, by {@code MONITOR}. */
final class MonitoredCalls implements AutoCloseable {

  private static final Pattern LINE = Pattern.compile("\\S+ \\[\\d+ (\\S+)] (.*)");

  private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"");

  private static final Set<String> SHARDED = Set.of("SPUBLISH", "SSUBSCRIBE", "SUNSUBSCRIBE");

  private final TestRedis redis;

  private final Jedis connection;

  private final Thread thread;

  private final List<String> lines = new CopyOnWriteArrayList<>();

  /**
   * A command of a client. If it runs a script, the commands of the script are commands of the
   * call.
   */
  record Call(List<List<String>> commands) {

    Stream<String> names() {
      return commands.stream().map(command -> command.get(0).toUpperCase(Locale.ROOT));
    }
  }

  MonitoredCalls(TestRedis redis) {
    this.redis = redis;
    this.connection = new Jedis(redis.host(), redis.port());
    this.thread = new Thread(this::monitor, "monitor");
    thread.start();
    await()
        .until(
            () -> {
              redis.command("ECHO", "begin");
              return hasEcho("begin");
            });
  }

  private void monitor() {
    try {
      connection.monitor(
          new JedisMonitor() {
            @Override
            public void onCommand(String line) {
              lines.add(line);
            }
          });
    } catch (JedisConnectionException closed) {
      lines.add("closed");
    }
  }

  private boolean hasEcho(String text) {
    return lines.stream().anyMatch(line -> line.endsWith("\"ECHO\" \"" + text + "\""));
  }

  /** Returns the calls so far, those of the caller's own answered commands among them. */
  List<Call> calls() {
    redis.command("ECHO", "end");
    await().until(() -> hasEcho("end"));
    List<Call> calls = new ArrayList<>();
    for (String line : lines) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        if (!parts.group(1).equals("lua")) {
          calls.add(new Call(new ArrayList<>()));
        }
        calls.get(calls.size() - 1).commands().add(arguments(parts.group(2)));
      }
    }
    return calls;
  }

  private static List<String> arguments(String text) {
    return ARGUMENT.matcher(text).results().map((MatchResult each) -> each.group(1)).toList();
  }

  /** Returns the keys of all commands of a call, as the server finds them. */
  Set<String> keys(Call call) {
    Set<String> keys = new TreeSet<>();
    call.commands().forEach(command -> keys.addAll(keys(command)));
    return keys;
  }

  private List<String> keys(List<String> command) {
    if (command.size() == 1) {
      return List.of(); // the server does not answer the question then
    }
    List<String> question = new ArrayList<>(List.of("COMMAND", "GETKEYS"));
    question.addAll(command);
    try {
      return ((List<?>) redis.command(question.toArray(String[]::new)))
          .stream().map(String::valueOf).toList();
    } catch (JedisDataException answer) {
      if (String.valueOf(answer.getMessage()).contains("no key arguments")) {
        return List.of();
      }
      throw answer;
    }
  }

  /** Returns the shard channels of all commands of a call; they have slots as keys have. */
  static Set<String> shardChannels(Call call) {
    Set<String> channels = new TreeSet<>();
    for (List<String> command : call.commands()) {
      if (SHARDED.contains(command.get(0).toUpperCase(Locale.ROOT))) {
        int last = command.get(0).equalsIgnoreCase("SPUBLISH") ? 2 : command.size();
        channels.addAll(command.subList(1, last));
      }
    }
    return channels;
  }

  @Override
  public void close() {
    connection.close();
    await().until(() -> !thread.isAlive());
  }
}
