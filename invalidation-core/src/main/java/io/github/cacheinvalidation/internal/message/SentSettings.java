package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.Invalidation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Adds the settings of caches to the messages of one start of a node, so that other nodes can
 * compare them with theirs. The messages that name a cache have its settings until one of them was
 * accepted, and again after an hour. Thread-safe; does not block.
 */
public final class SentSettings {

  /** Begins the part of a text that names the cache channel; only a cache that has one has it. */
  public static final String CACHE_CHANNEL = "cache-channel=";

  /** The longest text, and the longest name of a cache, in characters. */
  static final int LONGEST = 200;

  /** The most bytes in a message that is long without the field. */
  private static final int MOST_BYTES = 1024;

  /** More than the fields of {@link ChainFields} need, which are not in the body yet. */
  private static final int CHAIN_BYTES = 200;

  private static final long PERIOD_NANOS = Duration.ofHours(1).toNanos();

  private final Map<String, String> settings;

  private final LongSupplier nanoTime;

  /** The caches whose settings are in messages that were not accepted yet. */
  private final Set<String> offered = ConcurrentHashMap.newKeySet();

  /** When the settings of a cache were accepted last. */
  private final Map<String, Long> acceptedNanos = new ConcurrentHashMap<>();

  /**
   * Creates an instance for one start of a node.
   *
   * @param settings the settings by the names of the caches; may change at any time
   * @param nanoTime the node's monotonic clock
   */
  public SentSettings(Map<String, String> settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns a body with the settings that are due, as far as they fit. A short message remains
   * short, because only short messages are announced and applied at once.
   */
  byte[] addTo(byte[] body, List<Invalidation.OfCache<byte[]>> caches) {
    boolean isShort = body.length <= MessageReader.SHORT_BYTES;
    int limit = isShort ? MessageReader.SHORT_BYTES - CHAIN_BYTES : body.length + MOST_BYTES;
    Map<String, String> due = new LinkedHashMap<>();
    byte[] longest = body;
    for (Invalidation.OfCache<byte[]> each : caches) {
      String text = settings.get(each.cache());
      if (text != null && isDue(each.cache(), text)) {
        due.put(each.cache(), text);
        byte[] longer = TextFields.addTo(body, TextFields.SETTINGS, due);
        if (longer.length > limit) {
          break;
        }
        longest = longer;
        offered.add(each.cache());
        if (due.size() == TextFields.MOST) {
          break;
        }
      }
    }
    return longest;
  }

  private boolean isDue(String cache, String text) {
    Long accepted = acceptedNanos.get(cache);
    return (accepted == null || nanoTime.getAsLong() - accepted >= PERIOD_NANOS)
        && text.length() <= LONGEST
        && cache.length() <= LONGEST;
  }

  /** Returns whether a text is that of a cache with a cache channel. */
  static boolean haveCacheChannel(String text) {
    return text.startsWith(CACHE_CHANNEL) || text.contains("; " + CACHE_CHANNEL);
  }

  /** The channel has accepted a message that names these caches. */
  void accepted(List<Invalidation.OfCache<byte[]>> caches) {
    if (!offered.isEmpty()) {
      for (Invalidation.OfCache<byte[]> each : caches) {
        if (offered.remove(each.cache())) {
          acceptedNanos.put(each.cache(), nanoTime.getAsLong());
        }
      }
    }
  }
}
