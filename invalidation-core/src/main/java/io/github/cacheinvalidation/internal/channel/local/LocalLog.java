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
 * The log of one channel, and the queue of its subscribers: each subscriber remembers the number of
 * its last entry and waits here for the next. So no entry is copied, and only this log needs a
 * bound. Entries are numbered from 1. Thread-safe.
 */
final class LocalLog {

  /**
   * An entry and its place.
   *
   * @param number the number of the entry
   * @param predecessor the position before it; {@code null} for the first entry
   * @param entry the published entry
   * @param announced whether subscribers get it; they do not get a first entry made by a check
   */
  record Item(long number, @Nullable Position predecessor, LogEntry entry, boolean announced) {}

  /**
   * The answer to a check.
   *
   * @param tip the newest position
   * @param created whether this check made the first entry
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

  /** Returns the tip. If there is none, appends a first entry that subscribers do not get. */
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
   * Waits for the entries after a number.
   *
   * @return these entries, oldest first; if the log has dropped entry {@code last + 1}, the first
   *     one has a higher number
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
