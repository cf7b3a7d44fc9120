package io.github.cacheinvalidation.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the bodies that a node publishes. Safe for use by many threads; does not block. */
public final class BodyWriter {

  private static final byte[] WHOLE = ascii("\"*\"");

  private final String origin;

  private final byte[] prefix;

  /**
   * Creates a writer.
   *
   * @param nodeName what a person calls this node
   * @param nodeId the identity of this node
   */
  public BodyWriter(String nodeName, String nodeId) {
    this.origin = nodeName + "/" + nodeId;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("{\"v\":1,\"from\":"));
    out.writeBytes(Json.quote(origin));
    out.writeBytes(ascii(",\"body\":1,\"caches\":{"));
    this.prefix = out.toByteArray();
  }

  /** Returns what every body of this writer bears as its origin. */
  public String origin() {
    return origin;
  }

  /**
   * Writes a body.
   *
   * @param caches what became stale; each cache should appear once
   * @return the body, a JSON object in UTF-8
   */
  public byte[] write(List<CacheKeys> caches) {
    List<byte[]> names = caches.stream().map(cache -> Json.quote(cache.cache())).toList();
    ByteBuffer out = ByteBuffer.allocate(prefix.length + length(names, caches));
    out.put(prefix);
    for (int i = 0; i < caches.size(); i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      out.put(names.get(i)).put((byte) ':');
      CacheKeys cache = caches.get(i);
      if (cache.whole()) {
        out.put(WHOLE);
      } else {
        writeKeys(out, cache.keys());
      }
    }
    return out.put((byte) '}').put((byte) '}').array();
  }

  /** Each name has a colon and what follows it, and between two caches is a comma. */
  private static int length(List<byte[]> names, List<CacheKeys> caches) {
    int length = 2 + Math.max(0, caches.size() - 1);
    for (byte[] name : names) {
      length += name.length + 1;
    }
    for (CacheKeys cache : caches) {
      length += cache.whole() ? WHOLE.length : 2 + Math.max(0, cache.keys().size() - 1);
      for (byte[] key : cache.keys()) {
        length += key.length;
      }
    }
    return length;
  }

  private static void writeKeys(ByteBuffer out, List<byte[]> keys) {
    out.put((byte) '[');
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      out.put(keys.get(i));
    }
    out.put((byte) ']');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
