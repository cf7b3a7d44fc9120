package io.github.cacheinvalidation.internal.channel.local;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of one channel. It is the queue of its subscribers as well: each of them remembers how
 * far it has come and waits here for the next entry, so nothing is copied and nothing else is
 * bounded. Entries are numbered from 1. Safe for use by several threads.
 */
final class LocalLog {

  /**
   * An entry and where it stands.
   *
   * @param number its number
   * @param predecessor the position before it; {@code null} for the first
   * @param entry what was published
   * @param announced whether subscribers get it; they do not get the first entry that a check made
   */
  record Item(long number, @Nullable Position predecessor, LogEntry entry, boolean announced) {}

  /**
   * The answer to a check.
   *
   * @param tip the newest position
   * @param created whether there was none before
   */
  record Found(Position tip, boolean created) {}

  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private final int maxEntries;
  private final Deque<Item> items = new ArrayDeque<>();
  private long lastNumber;
  private @Nullable Position tip;

  LocalLog(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  synchronized void append(String nonce, byte[] body) {
    append(nonce, body, true);
  }

  private Position append(String nonce, byte[] body, boolean announced) {
    lastNumber++;
    Position position = new Position(lastNumber + "-0", nonce);
    items.addLast(new Item(lastNumber, tip, new LogEntry(position, body), announced));
    tip = position;
    if (items.size() > maxEntries) {
      items.removeFirst();
    }
    notifyAll();
    return position;
  }

  /** Returns the tip; where there is none, appends a first entry, of which nobody is told. */
  synchronized Found tipOrFirst(Supplier<String> nonces) {
    if (tip != null) {
      return new Found(tip, false);
    }
    return new Found(append(nonces.get(), EMPTY_OBJECT, false), true);
  }

  synchronized long lastNumber() {
    return lastNumber;
  }

  /** Reads entries whose number is at least {@code first}. */
  synchronized LogPage read(long first, int limit) {
    List<LogEntry> page = new ArrayList<>();
    boolean complete = true;
    for (Item item : items) {
      if (item.number() < first) {
        continue;
      }
      if (page.size() == limit) {
        complete = false;
        break;
      }
      page.add(item.entry());
    }
    return new LogPage(page, complete);
  }

  /**
   * Waits for the entries that follow a number.
   *
   * @return them, oldest first; if the log no longer holds the very next one, the first has another
   *     number than {@code last + 1}
   */
  synchronized List<Item> awaitAfter(long last) throws InterruptedException {
    while (lastNumber <= last) {
      wait();
    }
    List<Item> following = new ArrayList<>();
    Iterator<Item> newestFirst = items.descendingIterator();
    while (newestFirst.hasNext()) {
      Item item = newestFirst.next();
      if (item.number() <= last) {
        break;
      }
      following.add(item);
    }
    Collections.reverse(following);
    return following;
  }
}
