package io.github.cacheinvalidation.internal.channel.redis.script;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads entries of the log. */
public final class LogReader {

  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  /** The sum of all messages up to an entry that a check added. */
  private static final byte[] NO_BYTES = {'0'};

  private static final byte[] UNREADABLE = {};

  private final byte[] key;

  public LogReader(RedisNames name) {
    this.key = name.logKey().getBytes(StandardCharsets.UTF_8);
  }

  public LogPage read(Connection connection, Position from, int limit) {
    List<Connection.StreamEntry> records = connection.range(key, from.entryId(), limit);
    return new LogPage(records.stream().map(LogReader::entry).toList(), records.size() < limit);
  }

  /**
   * A random id that occurs more than once counts as missing, as in the scripts, because clients
   * return repeated fields in different orders. A message that occurs more than once is unreadable.
   */
  static LogEntry entry(Connection.StreamEntry record) {
    List<byte[]> nonces = new ArrayList<>();
    List<byte[]> bodies = new ArrayList<>();
    for (Map.Entry<byte[], byte[]> field : record.fields().entrySet()) {
      switch (new String(field.getKey(), StandardCharsets.UTF_8)) {
        case "n" -> nonces.add(field.getValue());
        case "m" -> bodies.add(field.getValue());
        default -> {}
      }
    }
    String nonce = nonces.size() == 1 ? new String(nonces.get(0), StandardCharsets.UTF_8) : "";
    byte[] body =
        switch (bodies.size()) {
          case 0 -> EMPTY_OBJECT;
          case 1 -> bodies.get(0);
          default -> UNREADABLE;
        };
    return new LogEntry(new Position(record.id(), LogNonce.read(nonce)), body);
  }

  /** Returns whether a check added this entry, as the first one of a log. It is no message. */
  static boolean isOfCheck(Connection.StreamEntry record) {
    byte[] sum = EMPTY_OBJECT;
    byte[] body = UNREADABLE;
    for (Map.Entry<byte[], byte[]> field : record.fields().entrySet()) {
      switch (new String(field.getKey(), StandardCharsets.UTF_8)) {
        case "s" -> sum = field.getValue();
        case "m" -> body = field.getValue();
        default -> {}
      }
    }
    return Arrays.equals(sum, NO_BYTES) && Arrays.equals(body, EMPTY_OBJECT);
  }
}
