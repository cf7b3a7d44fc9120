package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server with one log that behaves as Redis and the scripts do, and its faults. */
final class ModelServer {

  /** Gets each message with its number, as soon as it is accepted. */
  interface Listener {
    void accepted(int message, Position position, @Nullable Position predecessor);
  }

  private record Item(long id, LogEntry entry) {}

  private final Listener listener;

  private List<Item> log = new ArrayList<>();

  private long lastId = 100;

  private int run = 1;

  private int nonces;

  private int messages;

  ModelServer(Listener listener) {
    this.listener = listener;
  }

  /** Accepts a message that invalidates the cache that bears its number. */
  int publish() {
    int message = ++messages;
    Position predecessor = tip();
    listener.accepted(message, append(body(message)), predecessor);
    return message;
  }

  Tip check() {
    Position tip = tip();
    return new Tip(tip == null ? append("{}") : tip, "run-" + run, tip == null);
  }

  LogPage read(Position from, int limit) {
    long first = Long.parseLong(from.entryId().replace("-0", ""));
    List<LogEntry> page = new ArrayList<>();
    boolean complete = true;
    for (Item item : log) {
      if (item.id >= first) {
        if (page.size() == limit) {
          complete = false;
          break;
        }
        page.add(item.entry);
      }
    }
    return new LogPage(page, complete);
  }

  /** An older copy goes on under another identity; ids of lost entries are given again. */
  void failOver(int lostEntries) {
    int kept = Math.max(0, log.size() - lostEntries);
    log = new ArrayList<>(log.subList(0, kept));
    lastId = log.isEmpty() ? lastId - lostEntries : log.get(kept - 1).id;
    run++;
  }

  /** The log is gone; the clock of the server may be behind, so that ids come again. */
  void delete(int idsBack) {
    log = new ArrayList<>();
    lastId = Math.max(1, lastId - idsBack);
  }

  /** Trims as Redis does, only now and then. */
  void trimAbout(int kept) {
    if (log.size() > kept + kept / 10) {
      trim(kept);
    }
  }

  void trim(int kept) {
    if (log.size() > kept) {
      log = new ArrayList<>(log.subList(log.size() - kept, log.size()));
    }
  }

  static String body(int message) {
    return "{\"v\":1,\"from\":\"writer/1\",\"body\":1,\"caches\":{\"" + message + "\":\"*\"}}";
  }

  private @Nullable Position tip() {
    return log.isEmpty() ? null : log.get(log.size() - 1).entry.position();
  }

  private Position append(String body) {
    Position position = new Position(++lastId + "-0", "n" + ++nonces);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    log.add(new Item(lastId, new LogEntry(position, bytes)));
    return position;
  }
}
