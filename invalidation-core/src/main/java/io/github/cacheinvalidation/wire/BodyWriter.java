package io.github.cacheinvalidation.wire;

import java.io.ByteArrayOutputStream;
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
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(prefix);
    boolean first = true;
    for (CacheKeys cache : caches) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(Json.quote(cache.cache()));
      out.write(':');
      if (cache.whole()) {
        out.writeBytes(WHOLE);
      } else {
        writeKeys(out, cache.keys());
      }
    }
    out.write('}');
    out.write('}');
    return out.toByteArray();
  }

  private static void writeKeys(ByteArrayOutputStream out, List<byte[]> keys) {
    out.write('[');
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.writeBytes(keys.get(i));
    }
    out.write(']');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
