package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.Json;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.key.PackedNumbers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes the message bodies that a node publishes. Thread-safe; does not block. */
public final class BodyWriter {

  private static final byte[] WHOLE = ascii("\"*\"");

  private static final int MAX_NAME = 10_000;

  private static final int MOST_QUOTED = 50;

  private final String origin;

  private final byte[] prefix;

  private final SentSettings settings;

  /**
   * Creates a writer of messages without settings.
   *
   * @param nodeName the name of this node, for people
   * @param nodeId the identity of this node
   */
  public BodyWriter(String nodeName, String nodeId) {
    this(nodeName, nodeId, new SentSettings(Map.of(), System::nanoTime));
  }

  /**
   * Creates a writer.
   *
   * @param nodeName the name of this node, for people
   * @param nodeId the identity of this node
   * @param settings adds the settings of caches
   */
  public BodyWriter(String nodeName, String nodeId, SentSettings settings) {
    this.settings = settings;
    this.origin = nodeName + "/" + nodeId;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("{\"v\":1,\"from\":"));
    out.writeBytes(Json.quote(origin));
    out.writeBytes(ascii(",\"body\":1,\"caches\":{"));
    this.prefix = out.toByteArray();
  }

  /** Returns the origin in every body of this writer. */
  public String origin() {
    return origin;
  }

  /**
   * Writes a body.
   *
   * @param caches the invalidations, with keys as {@link KeyEncoder} and {@link PackedNumbers}
   *     wrote them; each cache should appear once
   * @return the body, a JSON object in UTF-8
   * @throws IllegalArgumentException if no message can contain the name of a cache
   */
  public byte[] write(List<Invalidation.OfCache<byte[]>> caches) {
    List<byte[]> names = caches.stream().map(BodyWriter::nameOf).toList();
    ByteBuffer out = ByteBuffer.allocate(prefix.length + length(names, caches));
    out.put(prefix);
    for (int i = 0; i < caches.size(); i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      out.put(names.get(i)).put((byte) ':');
      if (caches.get(i) instanceof Invalidation.Keys<byte[]> some) {
        writeKeys(out, some.keys());
      } else {
        out.put(WHOLE);
      }
    }
    return out.put((byte) '}').put((byte) '}').array();
  }

  /**
   * Writes a body that carries the names and values of a trace, if they are few and short, and the
   * settings of its caches, if they are due.
   *
   * @param caches as for {@link #write(List)}
   * @param trace the names and values; usually empty
   * @return the body, a JSON object in UTF-8
   * @throws IllegalArgumentException if no message can contain the name of a cache
   */
  public byte[] write(List<Invalidation.OfCache<byte[]>> caches, Map<String, String> trace) {
    return settings.addTo(TextFields.addTo(write(caches), TextFields.TRACE, trace), caches);
  }

  /**
   * Notes that the channel has accepted a message of this writer.
   *
   * @param caches the invalidations of the message
   */
  public void accepted(List<Invalidation.OfCache<byte[]>> caches) {
    settings.accepted(caches);
  }

  private static byte[] nameOf(Invalidation.OfCache<byte[]> each) {
    requireName(each.cache());
    return Json.quote(each.cache());
  }

  /** Counts a colon for each name, a comma between two caches, and two closing braces. */
  private static int length(List<byte[]> names, List<Invalidation.OfCache<byte[]>> caches) {
    int length = 2 + Math.max(0, caches.size() - 1);
    for (byte[] name : names) {
      length += name.length + 1;
    }
    for (Invalidation.OfCache<byte[]> each : caches) {
      length += each instanceof Invalidation.Keys<byte[]> some ? length(some.keys()) : WHOLE.length;
    }
    return length;
  }

  private static int length(Collection<byte[]> keys) {
    int length = 2 + Math.max(0, keys.size() - 1);
    for (byte[] key : keys) {
      length += key.length;
    }
    return length;
  }

  private static void writeKeys(ByteBuffer out, Collection<byte[]> keys) {
    out.put((byte) '[');
    boolean first = true;
    for (byte[] key : keys) {
      if (!first) {
        out.put((byte) ',');
      }
      out.put(key);
      first = false;
    }
    out.put((byte) ']');
  }

  /**
   * Refuses a cache name that no message can contain.
   *
   * @param cache the name of a cache
   * @throws IllegalArgumentException if the name is too long or not valid Unicode
   */
  public static void requireName(String cache) {
    boolean tooLong = cache.length() > MAX_NAME;
    if (tooLong || cache.codePoints().anyMatch(BodyWriter::isLoneSurrogate)) {
      throw new IllegalArgumentException(
          "'cache' is '%s', which has %s, so no message can hold it; rename the cache or set 'local-only'"
              .formatted(
                  quoted(cache),
                  tooLong
                      ? "%d characters, more than the %d allowed"
                          .formatted(cache.length(), MAX_NAME)
                      : "half of a surrogate pair"));
    }
  }

  /** Returns the beginning of a name, with '?' for characters that cannot be printed. */
  private static String quoted(String cache) {
    StringBuilder quoted = new StringBuilder();
    cache
        .codePoints()
        .limit(MOST_QUOTED)
        .map(point -> isLoneSurrogate(point) || Character.isISOControl(point) ? '?' : point)
        .forEach(quoted::appendCodePoint);
    return quoted + (cache.length() > MOST_QUOTED ? "..." : "");
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
