package io.github.cacheinvalidation.internal.history;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.history.PastInvalidation.Sender;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.KeyText;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last invalidations that this node has applied or published, in bounded memory. A message
 * costs a few references: its keys become texts only when an operator asks. Safe for use by any
 * thread.
 */
public final class RecentMessages implements MessageEventListener {

  /** How many keys of one invalidation are remembered. */
  public static final int MOST_KEYS = 10;

  private final int most;

  private final KeyEncoder encoder;

  private final InstantSource clock;

  private final Deque<Entry> entries = new ArrayDeque<>();

  /**
   * What is remembered of an invalidation; see {@link PastInvalidation}.
   *
   * @param some the first keys: of the application, of a message, or a {@code Key} if its text is
   *     long
   */
  private record Entry(
      Instant time,
      Sender sender,
      @Nullable String origin,
      @Nullable String cache,
      boolean known,
      @Nullable Integer keys,
      List<?> some,
      @Nullable Long evicted) {}

  /**
   * Creates an empty memory.
   *
   * @param most how many invalidations are remembered, at least 1
   * @param encoder encodes keys of the application
   * @param clock the clock of this machine
   */
  public RecentMessages(int most, KeyEncoder encoder, InstantSource clock) {
    if (most < 1) {
      throw new IllegalArgumentException("'most' must be at least 1 but was " + most);
    }
    this.most = most;
    this.encoder = encoder;
    this.clock = clock;
  }

  @Override
  public void evicted(
      @Nullable String origin, String cache, Collection<WireKey> keys, int count, long evicted) {
    List<Object> some =
        KeyText.first(keys, MOST_KEYS).stream().map(RecentMessages::remembered).toList();
    add(origin, cache, true, count, some, evicted);
  }

  @Override
  public void cleared(@Nullable String origin, String cache, long evicted) {
    add(origin, cache, true, null, List.of(), evicted);
  }

  @Override
  public void unknownCache(@Nullable String origin, String cache) {
    add(origin, KeyText.shortened(cache), false, null, List.of(), 0L);
  }

  @Override
  public void accepted(List<Invalidation.OfCache<Object>> stale) {
    Instant now = clock.instant();
    for (Invalidation.OfCache<Object> each : stale) {
      List<Object> some = List.of();
      Integer count = null;
      if (each instanceof Invalidation.Keys<Object> given) {
        some = given.keys().stream().limit(MOST_KEYS).toList();
        count = given.keys().size();
      }
      add(new Entry(now, Sender.OWN, null, each.cache(), true, count, some, null));
    }
  }

  private void add(
      @Nullable String origin,
      String cache,
      boolean known,
      @Nullable Integer count,
      List<?> some,
      long evicted) {
    Sender sender = origin == null ? Sender.FOREIGN : Sender.NODE;
    add(new Entry(clock.instant(), sender, origin, cache, known, count, some, evicted));
  }

  private void add(Entry entry) {
    synchronized (entries) {
      if (entries.size() == most) {
        entries.removeFirst();
      }
      entries.addLast(entry);
    }
  }

  /** Cuts a long key at once, so that no message stays in memory because of one key. */
  private static Object remembered(WireKey key) {
    if (KeyText.isKeepable(key)) {
      return key;
    }
    String text = KeyText.of(key);
    return KeyText.shortened(text).equals(text) ? WireKey.text(text) : keyOf(text);
  }

  private static PastInvalidation.Key keyOf(String text) {
    return new PastInvalidation.Key(KeyText.shortened(text), KeyText.hash(text));
  }

  /** Returns what is remembered, newest first. Calls methods of keys of the application. */
  public List<PastInvalidation> newestFirst() {
    List<Entry> copy;
    synchronized (entries) {
      copy = new ArrayList<>(entries);
    }
    List<PastInvalidation> past = new ArrayList<>(copy.size());
    for (int i = copy.size() - 1; i >= 0; i--) {
      Entry entry = copy.get(i);
      past.add(
          new PastInvalidation(
              entry.time(),
              entry.sender(),
              entry.origin(),
              entry.cache(),
              entry.known(),
              entry.keys(),
              entry.some().stream().map(this::shown).toList(),
              entry.evicted()));
    }
    return past;
  }

  /**
   * Returns what is remembered that concerns a key of the application, newest first: invalidations
   * that named it or its whole cache, and those that named more keys than are remembered.
   */
  public List<PastInvalidation> concerning(String cache, Object key) {
    String hash = shown(key).hash();
    return newestFirst().stream()
        .filter(past -> cache.equals(past.cache()) && mayConcern(past, hash))
        .toList();
  }

  private static boolean mayConcern(PastInvalidation past, String hash) {
    Integer keys = past.keys();
    return keys == null
        || keys > past.someKeys().size()
        || past.someKeys().stream().anyMatch(key -> key.hash().equals(hash));
  }

  private PastInvalidation.Key shown(Object key) {
    if (key instanceof PastInvalidation.Key made) {
      return made;
    }
    return keyOf(key instanceof WireKey wire ? KeyText.of(wire) : KeyText.of(key, encoder));
  }

  /**
   * Returns what a message of the log invalidates.
   *
   * @param time when the server accepted the message; null if its place does not say
   * @param sender what kind of sender it is from
   * @param origin the node that sent it; null for another program
   * @param invalidations what it invalidates
   */
  public static List<PastInvalidation> ofMessage(
      @Nullable Instant time,
      Sender sender,
      @Nullable String origin,
      List<Invalidation<WireKey>> invalidations) {
    List<PastInvalidation> past = new ArrayList<>();
    for (Invalidation<WireKey> each : invalidations) {
      Collection<WireKey> keys = keysOf(each);
      past.add(
          new PastInvalidation(
              time,
              sender,
              origin,
              each instanceof Invalidation.OfCache<WireKey> one ? one.cache() : null,
              true,
              keys == null ? null : (Integer) WireKey.count(keys),
              keys == null
                  ? List.of()
                  : KeyText.first(keys, MOST_KEYS).stream()
                      .map(key -> keyOf(KeyText.of(key)))
                      .toList(),
              null));
    }
    return past;
  }

  private static @Nullable Collection<WireKey> keysOf(Invalidation<WireKey> invalidation) {
    if (invalidation instanceof Invalidation.Keys<WireKey> some) {
      return some.keys();
    }
    if (invalidation instanceof Invalidation.OpenKeys<WireKey> some) {
      return some.keys();
    }
    return invalidation instanceof Invalidation.Prefixed<WireKey> prefixed
        ? List.of(WireKey.text(prefixed.text()))
        : null;
  }
}
