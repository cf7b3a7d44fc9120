package io.github.cacheinvalidation.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

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
   * @throws IllegalArgumentException if one of them is not valid Unicode
   */
  public BodyWriter(String nodeName, String nodeId) {
    this.origin = nodeName + "/" + nodeId;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("{\"v\":1,\"from\":"));
    writeText(out, origin);
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
   * @throws IllegalArgumentException if the name of a cache is not valid Unicode
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
      writeText(out, cache.cache());
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

  private static void writeText(ByteArrayOutputStream out, String text) {
    out.write('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    out.write('"');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
